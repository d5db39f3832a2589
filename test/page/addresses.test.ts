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

test("nor a link in a text, a style that fetches, nor the parts of a map's own style", () => {
  const address = "https://tracker.example/x";
  const figure = withoutAddresses({
    data: [
      {
        type: "choropleth",
        geojson: address,
        text: [`<a href="${address}">one</a>`, `<a HREF='${address}'>two</a>`],
      },
      { type: "sankey", link: { source: [0, 1], target: [2, 3] } },
    ],
    layout: {
      annotations: [
        { text: `<a\nhref=${address}>three</a> <b>four</b>` },
        { text: `<span style="background: url(${address})">five</span> <span style="color: red">six</span>` },
      ],
      map: {
        style: {
          glyphs: address,
          sprite: address,
          sources: {
            a: { type: "raster", tiles: [address], url: address },
            b: { type: "geojson", data: address },
          },
        },
      },
    },
  });
  assert.doesNotMatch(JSON.stringify(figure), /tracker/);
  assert.deepEqual(figure.data[0].text, ["<a>one</a>", "<a>two</a>"]);
  assert.deepEqual(figure.data[1].link, { source: [0, 1], target: [2, 3] });
  assert.deepEqual(
    figure.layout.annotations.map(({ text }) => text),
    ["<a>three</a> <b>four</b>", '<span>five</span> <span style="color: red">six</span>'],
  );
});
