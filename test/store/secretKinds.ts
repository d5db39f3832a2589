import { fc } from "../property";

const from = (letters: string) => (length: number) =>
  fc.array(fc.constantFrom(...letters), { minLength: length, maxLength: length }).map((all) => all.join(""));
const hex = from("0123456789abcdef");
const upper = from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
// As random keys do, it has digits, and no name does.
const word = (length: number) =>
  from("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789")(length - 6).map((all) => `7Qx${all}4Zk`);
const after = (begin: string, body: fc.Arbitrary<string>, end = "") =>
  body.map((secret) => ({ text: begin + secret + end, secret }));
const several = (begins: readonly string[], body: fc.Arbitrary<string>) =>
  fc.constantFrom(...begins).chain((begin) => after(begin, body));

/** Made-up secrets of each kind: a text that is nothing but one, and the part that must not be seen. */
export const secretKinds: Record<string, fc.Arbitrary<{ text: string; secret: string }>> = {
  OpenAI: several(["sk-", "sk-proj-", "sk-svcacct-", "sk-admin-"], word(48)),
  Anthropic: several(["sk-ant-api03-", "sk-ant-oat01-"], word(90)),
  OpenRouter: after("sk-or-v1-", hex(64)),
  Langfuse: several(["sk-lf-", "pk-lf-"], fc.uuid()),
  Helicone: after("sk-helicone-", word(28)),
  GitHub: several(["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"], word(40)),
  GitLab: several(["glpat-", "gldt-", "glrt-"], word(20)),
  "AWS id": several(["AKIA", "ASIA"], upper(16)),
  "AWS secret": after("wJ4rXUt/", from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")(26), "/+K7aB"),
  Bedrock: several(["ABSK", "bedrock-api-key-"], word(100)),
  JWT: after("eyJhbGciOiJIUzI1NiJ9.", word(60), ".dozjgNryP4J3jVmNHl0w5N"),
  "JWT unsigned": after("eyJhbGciOiJub25lIn0.", word(60), "."),
  JWE: after("eyJhbGciOiJkaXIifQ..7Qx.", word(60), ".XFBoMYUZodetZdvTiFvSkQ"),
  PEM: fc
    .constantFrom("", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED ")
    .chain((kind) =>
      after(`-----BEGIN ${kind}PRIVATE KEY-----\n`, word(64), `\n-----END ${kind}PRIVATE KEY-----`),
    ),
  "PEM cut short": after("-----BEGIN PRIVATE KEY-----\n", word(60)),
  PGP: after("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n", word(60), "\n-----END PGP PRIVATE KEY BLOCK-----"),
  "database's address": fc
    .constantFrom("postgres", "mysql", "mongodb+srv", "redis", "amqp", "https")
    .chain((scheme) => after(`${scheme}://app:`, word(12), "@db.internal/prod")),
  "database's settings": several(
    ["Server=db;Password=", "AccountName=x;AccountKey=", "jdbc:x://db?password="],
    word(24),
  ),
  Bearer: several(["Bearer ", "bearer ", "Authorization: Bearer "], word(40)),
  Basic: several(["Basic ", "Authorization: Basic "], word(24)),
  "other header": several(
    ["x-api-key: ", "Authorization: Token ", "Authorization: ", "Cookie: session="],
    word(40),
  ),
  Slack: several(["xoxb-123456789012-", "xoxp-12-34-", "xoxe.xoxp-1-", "xapp-1-A01-12-"], word(24)),
  "Slack's webhook": after("https://hooks.slack.com/services/T00000000/B00000000/", word(24)),
  Discord: after("https://discord.com/api/webhooks/123456789012345678/", word(68)),
  Telegram: after("123456789:AA", word(33)),
  "Google key": after("AIza", word(35)),
  "Google token": several(["ya29.", "1//0", "GOCSPX-"], word(40)),
  Azure: after("", word(52), "JQQJ99BAACYeBjFXJ3w3AAABACOGabcd"),
  "Azure application": after("abc8Q~", word(34)),
  "Azure signature": after("https://x.blob.core.windows.net/c?sv=1&sig=", word(44)),
  Stripe: several(["sk_live_", "rk_live_", "sk_test_", "whsec_"], word(24)),
  Square: after("sq0atp-", word(22)),
  npm: after("npm_", word(36)),
  PyPI: after("pypi-AgEIcHlwaS5vcmc", word(60)),
  Docker: after("dckr_pat_", word(27)),
  "Hugging Face": several(["hf_", "api_org_"], word(34)),
  "model's provider": several(
    ["gsk_", "xai-", "pplx-", "r8_", "csk-", "tgp_v1_", "fw_", "nvapi-", "pcsk_", "jina_", "pa-", "tvly-"],
    word(40),
  ),
  "tracing tool": several(["lsv2_pt_", "ls__", "phc_", "sntrys_"], word(40)),
  SendGrid: after("SG.7Qxabcdefghijklmnopqrs.", word(43)),
  Mailgun: after("key-7a", hex(30)),
  Shopify: after("shpat_7a", hex(30)),
  Notion: several(["secret_", "ntn_"], word(43)),
  Airtable: after("pat7QxAbCdEfGhIjK.", hex(64)),
  Atlassian: after("ATATT3xFfGF0", word(100)),
  Vault: several(["hvs.", "hvb."], word(40)),
  Databricks: after("dapi", hex(32)),
  Grafana: after("glsa_", word(32)),
  DigitalOcean: after("dop_v1_7a", hex(62)),
  Cloudflare: after("v1.0-4fa7b2c9d1e04fa7b2c9d1e0-", hex(146)),
  password: several(
    ["password=", "pwd: ", "passphrase=", "client_secret=", "DB_PASSWORD=", "OPENAI_API_KEY="],
    word(14),
  ),
  "field of JSON": after('{"a": 1, "password": "', word(14), '"}'),
  "user of curl": after("curl -u admin:", word(12)),
};

/** Ids, which stay as they are. */
export const ids: Record<string, fc.Arbitrary<string>> = {
  UUID: fc.uuid(),
  "UUID of digits": from("0123456789")(31).map((d) =>
    `a${d}`.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
  ),
  "a trace's and MD5": hex(31).map((all) => `${all}e`),
  "a span's": hex(15).map((all) => `c${all}`),
  traceparent: fc.tuple(hex(31), hex(15)).map(([trace, span]) => `00-f${trace}-a${span}-01`),
  commit: hex(39).map((all) => `b${all}`),
  SHA256: hex(63).map((all) => `sha256:d${all}`),
  ULID: from("0123456789ABCDEFGHJKMNPQRSTVWXYZ")(23).map((all) => `01A${all}`),
  "a provider's": fc
    .tuple(
      fc.constantFrom(
        "chatcmpl-",
        "msg_01",
        "req_011",
        "call_",
        "toolu_01",
        "resp_",
        "run-",
        "asst_",
        "batch_",
        "file-",
      ),
      from("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789")(22),
    )
    .map(([begin, all]) => `${begin}x${all}`),
  "a time in milliseconds": fc.integer({ min: 1.6e12, max: 1.9e12 }).map(String),
  "a time in nanoseconds": fc.integer({ min: 1.6e12, max: 1.9e12 }).map((ms) => `${ms}000000`),
  model: fc.constantFrom(
    "gpt-4o-2024-08-06",
    "us.anthropic.claude-3-5-sonnet-20241022-v2:0",
    "ft:gpt-4o-mini-2024-07-18:acme::9ABCdEfG",
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-3-5-sonnet-20241022-v2:0",
    "projects/acme/locations/us-central1/endpoints/1234567890",
  ),
};
