// The forms of keys, tokens and passwords. Lengths are bounded everywhere, so that no text can keep a pattern busy.

/**
 * A form of secrets, as a pattern of JavaScript, and what each of them contains, in RE2 syntax, which has no
 * look-around, whatever its case: an engine looks for that first.
 */
interface SecretForm {
  form: string;
  holds: string;
}

/** The beginning of a word, also of an emphasised one, and of one behind a sign that is written as an escape. */
const start = "(?:(?<![A-Za-z0-9]|[A-Za-z0-9]_)|(?<=\\\\[nrt]|%[023][\\dA-Fa-f]))";
const word = "[A-Za-z0-9_-]";
/** One word of letters and digits with some digit in it: a name of words joined by signs is none. */
const key = (least: number) => `(?=[A-Za-z]{0,64}\\d)[A-Za-z0-9]{${least},200}`;
/** Something that begins with one of these, each a name followed by its sign. */
const begun = (begins: string, rest: string): SecretForm => ({
  form: `(?:${begins})${rest}`,
  holds: `(${begins})`,
});

/** Words as they are written in prose, code and settings: a space stands for what may join two. */
const written = (words: string) =>
  words
    .split("|")
    .flatMap((name) => {
      const parts = name.split(" ");
      const caps = parts.map((part) => `[${part[0].toUpperCase()}${part[0]}]${part.slice(1)}`);
      return [caps.join("[ _-]?"), parts.map((part) => part.toUpperCase()).join("[ _-]?")];
    })
    .join("|");
const passwordNames = written(
  "password|passphrase|passwd|pwd|passcode|passwort|kennwort|mot de passe|mdp|contraseña|contrasena|clave|parola|parola d'ordine|senha|palavra passe" +
    "|wachtwoord|hasło|haslo|lösenord|losenord|passord|adgangskode|salasana|heslo|şifre|sifre|пароль|密码|密碼|パスワード|비밀번호",
);
const tokenNames = written(
  "secret|token|api key|private key|access key|account key|secret key|master key|signing key|encryption key|shared key",
);
/** Of a text called only this, one long word is secret. */
const keyNames = written("key|schlüssel|clé|llave|chiave|chave|sleutel|klucz|nyckel|ключ|密钥|キー");
const noKeys = written("cache|idempotency|partition|sort|primary|foreign|object|group|row|hash");
const unlettered = "(?<![A-Za-z])";
const quotes = "[\"'`*_“”„«]{0,3}";
const isOf = "(?:[:=：]|is|ist|lautet|est|es|è|é|är|er|jest)[ \\t]{0,3}";
const joined = `${quotes}[ \\t]{0,3}(?:${isOf}){1,2}${quotes}`;
const maybeJoined = `(?:${joined}|${quotes}[ \\t]${quotes})`;
// Letters of Greek and Cyrillic too: other scripts write their passwords in Latin letters.
const inSecret = "[\\w~+/!@#$%^&*\\u00a1-\\u024f\\u0370-\\u052f-]";
const letter = "[A-Za-z\\u00c0-\\u024f\\u0370-\\u052f]";
const pastSecret = "(?![\\w([]|\\.\\w)";

// A key that was cut short runs as far as its letters do.
const pem: SecretForm = {
  form:
    "-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:[\\s\\S]{0,8000}?-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----" +
    "|(?:\\\\[nr]|[A-Za-z0-9+/=\\s]){0,8000})",
  holds: "-----begin",
};

/** What a word is that is one, by its beginning. */
const beginning: readonly SecretForm[] = [
  begun("AGE-SECRET-KEY-1", "[A-Z0-9]{20,80}"),
  {
    form: `(?:sk|pk|rk)[-_](?:[A-Za-z0-9]{1,12}[-_]){0,3}${word}{16,200}`,
    holds: "[spr]k[-_]",
  },
  begun("AKIA|ASIA", "[A-Z0-9]{16}(?![A-Za-z0-9])"),
  begun("ABSK", "[A-Za-z0-9+/]{40,300}=*"),
  begun("bedrock-api-key-", "[A-Za-z0-9+/_-]{20,2000}=*"),
  begun("gh[pousr]_", "[A-Za-z0-9]{20,255}"),
  begun("github_pat_", "[A-Za-z0-9_]{20,255}"),
  begun("gl(?:pat|dt|rt|ptt|cbt|ft|soat|agent)-", `${word}{16,64}`),
  begun("xox[abeprs][-.]|xapp-", "(?:xox[bp]-)?[A-Za-z0-9-]{10,300}"),
  begun("AIza", `${word}{30,45}`),
  begun("ya29\\.|1//0|GOCSPX-", `${word}{20,500}`),
  begun("hf_|npm_|api_org_", "[A-Za-z0-9]{20,64}"),
  // Signed, unsigned, and encrypted tokens.
  { form: `eyJ${word}{8,2000}(?:\\.${word}{0,4000}){2,4}`, holds: "eyj" },
  // A short name, and one word of letters and digits.
  {
    form:
      "(?:gsk|xai|pplx|r8|csk|pcsk|jina|ph[cx]|lsv2|ls_|tgp|fw|vcp|sbp|whsec|dop|shp(?:at|ss|ca|pa)|tvly|fc|e2b|pa|re|ntn|secret|lin_api|lin_oauth" +
      `|fig[du]|dckr_[po]at|rubygems|sntryu|pscale_[a-z]{2,8}|vercel_[a-z]{2,8}_rw|HRKU|NRAK|NRJS|key|fo1|glsa|dapi)[-_](?:[a-z0-9]{2}_)?${key(20)}`,
    holds:
      "(gsk|xai|pplx|r8|csk|jina|ph[cx]|lsv2|ls_|tgp|fw|vcp|sbp|whsec|dop|shp(at|ss|ca|pa)|tvly|fc|e2b|pa|re|ntn|secret|lin_api|lin_oauth" +
      "|fig[du]|dckr_[po]at|rubygems|sntryu|pscale_[a-z]+|_rw|hrku|nrak|nrjs|key|fo1|glsa|dapi)[-_][a-z0-9]{2}",
  },
  begun(
    "nvapi-|sntrys_|ops_eyJ|glc_eyJ|fm[12]_|pypi-AgE|ATATT3|ATCTT3|PMAK-|sq0[a-z]{3}-",
    `${word}{20,600}=*`,
  ),
  begun("hv[sbr]\\.|dp\\.[a-z]{2,5}\\.", `${word}{20,300}`),
  begun("SG\\.", `${word}{16,64}\\.${word}{16,64}`),
  begun("EAAA", `${word}{56,64}\\b`),
  begun("dapi", "[0-9a-f]{32}(?:-\\d)?\\b"),
  begun("SK", "[0-9a-f]{32}\\b"),
  { form: `[0-9a-f]{32}-us\\d{1,2}\\b`, holds: "[0-9a-f]{32}-us" },
  { form: `[A-Za-z0-9]{14}\\.atlasv1\\.${word}{20,100}`, holds: "atlasv1" },
  { form: `pat[A-Za-z0-9]{14}\\.[0-9a-f]{64}`, holds: "pat[a-z0-9]{14}\\." },
  { form: `ver:\\d-hint:\\d{1,20}-${word}{20,300}`, holds: "-hint:" },
  {
    form: `access_token\\$(?:production|sandbox)\\$[a-z0-9]{10,20}\\$[0-9a-f]{32}`,
    holds: "access_token",
  },
  { form: `v1\\.0-[0-9a-f]{24}-[0-9a-f]{100,200}`, holds: "v1\\.0-" },
  // Azure: keys that name their maker.
  {
    form: `[A-Za-z0-9+/]{30,80}(?:JQQJ9|AzSe|ACDb|APIM|AIoT)[A-Za-z0-9+/]{8,40}=*`,
    holds: "(jqqj9|azse|acdb|apim|aiot)",
  },
  // Bots.
  { form: `[MNO]${word}{23,27}\\.${word}{6}\\.${word}{27,40}`, holds: "\\.[a-z0-9_-]{6}\\." },
  { form: `\\d{8,10}:AA${word}{32,36}`, holds: "[0-9]:aa" },
];

/** What is one by its place or by what is in it; letters and digits come before none. */
const placed: readonly SecretForm[] = [
  // A secret access key of AWS has no beginning of its own: forty letters of base64, which no path looks like.
  {
    form:
      "(?<![A-Za-z0-9+/=_.-])(?=[A-Za-z0-9]{0,39}[+/])(?=[A-Za-z+/]{0,39}\\d)(?=[a-z0-9+/]{0,39}[A-Z])(?=[A-Z0-9+/]{0,39}[a-z])" +
      "(?![A-Za-z0-9+/]{0,32}[a-z]{8})[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_.-])",
    holds: "[A-Za-z0-9+/]{40}",
  },
  // An application's secret of Azure.
  { form: "(?<![\\w~.-])[\\w~.-]{3}[78]Q~[\\w~.-]{31,34}", holds: "[78]q~" },
  // Webhooks.
  {
    form: "(?<=\\bhooks\\.slack\\.com/(?:services|workflows|triggers)/)[A-Za-z0-9/]{20,100}",
    holds: "hooks\\.slack",
  },
  { form: "(?<=\\bdiscord(?:app)?\\.com/api/webhooks/)[\\w/-]{20,200}", holds: "api/webhooks" },
  { form: "(?<=\\.webhook\\.office\\.com/webhookb2/)[\\w/@-]{20,400}", holds: "webhookb2" },
  // Addresses: what follows a user's name, or is signed.
  { form: '(?<=://[^\\s/:@"]{0,64}:)[^\\s/"]{1,200}(?=@)', holds: "@" },
  {
    form: "(?<=[?&](?:sig|signature|X-Amz-Signature|X-Amz-Security-Token)=)[^&\\s\"'#]{16,2000}",
    holds: "(sig|signature|token)=",
  },
  {
    form: "(?<=(?:^|\\s)(?:-u|--user)[ =][\"']?[^\\s:\"']{1,64}:)[^\\s\"']{3,200}",
    holds: "(-u|--user)[ =]",
  },
  // Headers.
  {
    form: "(?<=\\b(?:[Bb]earer|BEARER) )(?:[A-Za-z0-9._~+/-]{16,2000}|(?=[A-Za-z._~+/-]{0,100}\\d)[A-Za-z0-9._~+/-]{8,2000})=*",
    holds: "bearer",
  },
  { form: "(?<=\\b[Bb]asic )(?=[A-Za-z+/]{0,200}[\\d=])[A-Za-z0-9+/]{12,2000}=*", holds: "basic " },
  {
    form: "(?<=\\b(?:[Aa]uthorization|AUTHORIZATION)[\"']?\\s?[:=]\\s?[\"']?(?:[A-Za-z]{3,12} )?)(?=[A-Za-z+/._~-]{0,200}\\d)[A-Za-z0-9+/._~-]{8,2000}=*",
    holds: "authorization",
  },
  { form: "(?<=\\b(?:[Ss]et-)?[Cc]ookie[\"']?: ?[\"']?)[\\w.-]{1,64}=[^\\r\\n\"']{8,4000}", holds: "cookie" },
  // A value named as a secret counts as one if it has letters and digits and is not a program's expression.
  {
    form: `(?<=${unlettered}(?:${passwordNames})${maybeJoined})(?=${inSecret}{0,60}[\\d!#&])(?=${inSecret}{0,60}${letter})${inSecret}{6,200}${pastSecret}`,
    holds:
      "(pass(wd|word|phrase|code|wort|ord|e)|pwd|kennwort|mdp|contrase|clave|parola|senha|wachtwoord|haslo|losenord|adgangskode|salasana|heslo|sifre)",
  },
  {
    form: `(?<=${unlettered}(?:${tokenNames})${joined})(?=${inSecret}{0,60}\\d)(?=${inSecret}{0,60}[A-Za-z])${inSecret}{8,200}${pastSecret}`,
    holds: "(secret|token|(api|private|access|account|master|signing|encryption|shared)[ _-]?key)",
  },
  {
    form: `(?<=${unlettered}(?<!(?:${noKeys})[ _-])(?:${keyNames})${maybeJoined})(?=\\d{0,64}[A-Za-z])${key(24)}(?![A-Za-z0-9])`,
    holds: "(key|llave|chiave|chave|sleutel|klucz|nyckel)",
  },
];

/** Each form of secrets. */
export const secretForms: readonly SecretForm[] = [pem, ...placed, ...beginning];

const anyOf = (forms: readonly SecretForm[]) => `(?:${forms.map(({ form }) => form).join("|")})`;

/** Every secret in a text. */
export const secretPattern = new RegExp(
  `${pem.form}|(?<![A-Za-z0-9])${anyOf(placed)}|${start}${anyOf(beginning)}`,
  "g",
);

const fieldOf = (names: string) => new RegExp(`(?:^|[^A-Za-z])(?:${names})$`);
const secretField = fieldOf(`${passwordNames}|${tokenNames}`);
const keyField = fieldOf(keyNames);

/** True if a field of this name may have a secret for its value. */
export const namesSecret = (name: string): boolean => secretField.test(name) || keyField.test(name);
