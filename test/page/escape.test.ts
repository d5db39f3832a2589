import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { codeHtml } from "../../src/page/code";
import { escapeHtml, escapeMarkdown, withoutAnsi } from "../../src/page/escape";
import { clipped } from "../../src/page/limits";
import { headingAndRest, markdownHtml } from "../../src/page/markdown";
import { sanitized } from "../../src/page/sanitize";

test("HTML text cannot become markup or leave an attribute", () => {
  assert.equal(
    escapeHtml(`<img src="x" onerror='a'>&`),
    "&lt;img src=&quot;x&quot; onerror=&#39;a&#39;&gt;&amp;",
  );
  assert.equal(escapeHtml("nul\u0000"), "nul�");
});

test("Markdown text cannot become a link, a tag, emphasis or a new cell", () => {
  assert.equal(
    escapeMarkdown("a|b [x](javascript:1) *c* <i>"),
    "a\\|b \\[x\\](javascript:1) \\*c\\* &lt;i&gt;",
  );
  assert.equal(escapeMarkdown("https://example.org"), "https&#58;//example.org");
});

test("terminal sequences are taken out whole", () => {
  assert.equal(
    withoutAnsi(
      "\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007 \u001b[2K\u001b[38;5;1mx",
    ),
    "red link x",
  );
});

test("a long text loses its middle and says how much", () => {
  const words = clipped(`start${"x".repeat(20_000_000)}end`);
  assert.ok(words.length < 61_000 && words.startsWith("start") && words.endsWith("end"));
  assert.match(words, /19,940,008 characters left out/);
});

describe("Markdown", () => {
  test("shows HTML as text and lets no script address through", () => {
    assert.equal(
      markdownHtml("<script>alert(1)</script>").trim(),
      "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    );
    for (const address of [
      "javascript:alert(1)",
      "JaVaScRiPt:alert(1)",
      "data:text/html,x",
      "vbscript:x",
      "file:///etc/passwd",
      "&#106;avascript:alert(1)",
    ]) {
      assert.doesNotMatch(markdownHtml(`[x](${address})`), /<a/, address);
    }
    assert.match(
      markdownHtml("[x](https://example.org)"),
      /<a href="https:\/\/example.org" rel="noreferrer noopener">/,
    );
  });

  test("loads no picture from elsewhere and keeps those inside the cell", () => {
    assert.equal(markdownHtml("![seen](https://example.org/x.png)").trim(), "<p><em>seen</em></p>");
    const inside = { attachments: { "a.png": { "image/png": "aGk=" } } };
    assert.match(
      markdownHtml("![a](attachment:a.png)", inside),
      /<img src="data:image\/png;base64,aGk=" alt="a">/,
    );
    assert.doesNotMatch(markdownHtml("![a](data:image/svg+xml;base64,aGk=)"), /<img/);
  });

  test("moves headings below the page's own and gives the first one away", () => {
    assert.match(markdownHtml("# one\n\n### three"), /<h3>one<\/h3>\s*<h4>three<\/h4>/);
    const { heading, rest } = headingAndRest("# How *long*?\n\ntext");
    assert.deepEqual(heading, { html: "How <em>long</em>?", text: "How long?" });
    assert.equal(rest.trim(), "<p>text</p>");
  });
});

describe("HTML of outputs", () => {
  test("loses everything that could run, load or restyle", () => {
    const hostile = [
      "<script>alert(1)</script>",
      "<img src=x onerror=alert(1)>",
      "<svg onload=alert(1)><text>s</text></svg>",
      "<style>*{display:none}</style>",
      '<p style="position:fixed" onclick="x()" id="content" class="verdict skip-link">p</p>',
      "<iframe srcdoc='<script>1</script>'></iframe>",
      '<a href="javascript:alert(1)">a</a>',
      "<link rel=stylesheet href=//x>",
      "<base href=//x>",
      "<form action=//x><input name=q></form>",
      "<math><mi xlink:href='javascript:1'>",
      "<meta http-equiv=refresh content=0>",
      '<img src="https://example.org/x.png">',
      "<object data=x>",
      "<template><b onclick=x>t</b></template>",
    ].join("\n");
    const left = sanitized(hostile);
    assert.doesNotMatch(
      left,
      /script|onerror|onload|onclick|style|id=|verdict|iframe|javascript|link|base|form|input|meta|img|object|template|svg|math/i,
    );
    assert.match(left, /<p>p<\/p>/);
  });

  test("keeps tables with the kit's classes and pictures that are inside", () => {
    const table =
      '<table class="fieldnotes-table"><thead><tr><th scope="col" class="number">n</th></tr></thead><tbody><tr><td class="number" title="95 %">1<span class="interval">[0, 2]</span></td></tr></tbody></table>';
    assert.equal(sanitized(table), table);
    assert.match(
      sanitized('<img src="data:image/png;base64,aGk=" alt="a">'),
      /<img src="data:image\/png;base64,aGk=" alt="a"/,
    );
  });
});

test("code is coloured and escaped", () => {
  assert.match(codeHtml("const a = '</script><b>';"), /<span class="hljs-keyword">const<\/span>/);
  assert.doesNotMatch(codeHtml("const a = '</script><b>';"), /<\/script|<b>/);
  const long = codeHtml("<script>\u0000".repeat(10_000));
  assert.ok(!long.includes("<script") && !long.includes("\u0000"));
});
