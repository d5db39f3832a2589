import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutAddresses } from "../../src/page/addresses";
import { pageFigureHtml } from "../../src/page/pageFigure";

test("a figure of a notebook keeps no address: neither a picture nor a map is fetched for a page", () => {
  const address = "https://tracker.example/pixel.png";
  const own = "data:image/png;base64,iVBORw0KGgo=";
  const figure = withoutAddresses({
    data: [
      { type: "image", source: address },
      { type: "image", source: own },
      { type: "scatter", name: address, x: [1], y: [1] },
    ],
    layout: {
      title: { text: "t" },
      images: [{ source: address }, { source: "//tracker.example/x" }, { source: own }],
      template: { layout: { images: [{ source: "file:///etc/passwd" }] } },
      map: { style: " HTTPS://tracker.example/style.json", layers: [{ source: "http://tracker.example" }] },
      images_note: "kept",
    },
  });
  const { data, layout } = figure;
  const text = JSON.stringify({ data: data.slice(0, 2), layout });
  assert.doesNotMatch(text, /tracker|passwd/i);
  assert.equal(text.split(own).length, 3);
  assert.match(text, /kept/);
  assert.equal(data[2].name, address);
  const one = { data: [], layout: { images: [{ source: address }] }, description: "" };
  assert.doesNotMatch(pageFigureHtml(one, "f"), /tracker/);
});
