import type { Operation } from "@sluice/protocol/schemas";
import type { RecordedExample } from "../recorded-examples.ts";
import { type SampleRequest, sampleFile, sampleRequest, withoutSamples } from "./sample-request.ts";
import { hasVariables, inHereDocument, inJavaScript, inShell, printJson, type SampleText } from "./sample-text.ts";

/** A code sample as renderers of OpenAPI read it, in `x-codeSamples`. */
export interface CodeSample {
  readonly lang: string;
  readonly label: string;
  readonly source: string;
}

/**
 * The example of an operation as code that runs as it is shown, with credentials and ids from the environment.
 * `acceptance/src/reference-samples.browser.soak.ts` runs each of them.
 *
 * The page's renderer would make samples up from the document, but they do not run: the file of a form is a text, a form in
 * JavaScript has a `Content-Type` without a boundary, the key is not encoded, parameters of a path are left in braces, the
 * headers and bodies of resumable uploads are missing, and it can't know that a request has either a token or a key.
 */
export function codeSamples(operation: Operation, example: Partial<RecordedExample> = {}): readonly CodeSample[] {
  if (operation.id in withoutSamples) return [];
  const request = sampleRequest(operation, example);
  const samples = [
    { lang: "shell", label: "curl", source: curlSample(request) },
    { lang: "js", label: "JavaScript", source: javascriptSample(request) },
  ];
  const takesToken = operation.form !== undefined && operation.access.credentials.includes("uploadToken");
  if (!takesToken) return samples;
  const byToken = sampleRequest(operation, example, { token: true });
  return [...samples, { lang: "shell", label: "curl with a token", source: curlSample(byToken) }];
}

const inCurl = { text: (text: string) => JSON.stringify(text), name: (name: string) => JSON.stringify(name) };

/** The request as a command of curl, for a POSIX shell. */
function curlSample(request: SampleRequest): string {
  const { method, withKey, headers, json, form, bytes, shows, savedAs } = request;
  const text = json === undefined ? undefined : printJson(json, inCurl);
  const hasBody = text !== undefined || form !== undefined || bytes !== undefined;
  const isImplied = method === "GET" || (method === "POST" && hasBody);
  const needsDocument = text !== undefined && hasVariables(text);
  const options = [
    ["curl", ...(isImplied ? [] : ["-X", method]), ...(shows === undefined ? [] : ["-i"]), ...curlAddress(request)],
    savedAs !== undefined && ["-o", savedAs],
    withKey && ["-u", inShell("‹PRIVATE_KEY›:")],
    ...Object.entries(headers).map(([name, value]) => ["-H", inShell(`${name}: ${value}`)]),
    text !== undefined && ["-H", inShell("Content-Type: application/json")],
    text !== undefined && ["-d", needsDocument ? "@- <<END" : inShell(text)],
    form && ["-F", `file=@${sampleFile}`],
    ...Object.entries(form ?? {}).map(([name, value]) => [
      isPlain(value) ? "-F" : "--form-string",
      inShell(`${name}=${value}`),
    ]),
    bytes !== undefined && ["--data-binary", inShell(bytes)],
  ];
  const lines = options.filter((option) => option !== false && option !== undefined).map((words) => words.join(" "));
  const command = lines.join(" \\\n  ");
  return needsDocument ? `${command}\n${inHereDocument(text)}\nEND` : command;
}

/** A query with a variable, whose value nobody has encoded yet, is encoded by curl. */
function curlAddress({ url, query }: Pick<SampleRequest, "url" | "query">): string[] {
  const parameters = Object.entries(query);
  if (parameters.length === 0) return [inShell(url)];
  if (parameters.every(([, value]) => /^[\w./-]+$/.test(value))) {
    return [inShell(`${url}?${parameters.map(([name, value]) => `${name}=${value}`).join("&")}`)];
  }
  const encoded = parameters.flatMap(([name, value]) => ["--data-urlencode", inShell(`${name}=${value}`)]);
  return ["-G", inShell(url), ...encoded];
}

/** In values of other forms, curl would read a file or a type. */
function isPlain(value: SampleText): boolean {
  return !/^[@<]|;/.test(value);
}

const inModule = {
  text: inJavaScript,
  name: (name: string) => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)),
};

/** The request as a module of JavaScript, for Node. */
function javascriptSample(request: SampleRequest): string {
  const { method, form, savedAs } = request;
  const options = [
    ...(method === "GET" ? [] : [`method: ${JSON.stringify(method)},`]),
    ...headersOf(request),
    ...bodyOf(request),
  ].map((line) => `  ${line.replaceAll("\n", "\n  ")}`);
  const address = scriptAddress(request);
  const call = options.length === 0 ? `fetch(${address})` : `fetch(${address}, {\n${options.join("\n")}\n})`;
  return [
    ...(form ? ['import { openAsBlob } from "node:fs";', ""] : []),
    ...(savedAs === undefined ? [] : ['import { writeFile } from "node:fs/promises";', ""]),
    ...(form ? formOf(form) : []),
    `const response = await ${call};`,
    shownOf(request),
  ].join("\n");
}

function scriptAddress({ url, query }: Pick<SampleRequest, "url" | "query">): string {
  const parameters = Object.entries(query);
  if (parameters.length === 0) return inJavaScript(url);
  if (!parameters.some(([, value]) => hasVariables(value))) {
    return inJavaScript(`${url}?${new URLSearchParams(query)}`);
  }
  const encoded = parameters.map(([name, value]) => `${name}=\${encodeURIComponent(${inJavaScript(value)})}`);
  return `\`${url}?${encoded.join("&")}\``;
}

function headersOf({ withKey, headers, json }: SampleRequest): string[] {
  const lines = [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the text of a sample
    ...(withKey ? ["Authorization: `Basic ${btoa(`${process.env.PRIVATE_KEY}:`)}`,"] : []),
    ...Object.entries(headers).map(([name, value]) => `${JSON.stringify(name)}: ${inJavaScript(value)},`),
    ...(json === undefined ? [] : ['"Content-Type": "application/json",']),
  ];
  return lines.length === 0 ? [] : ["headers: {", ...lines.map((line) => `  ${line}`), "},"];
}

function bodyOf({ json, form, bytes }: SampleRequest): string[] {
  if (json !== undefined) return [`body: JSON.stringify(${printJson(json, inModule)}),`];
  if (form !== undefined) return ["body: form,"];
  return bytes === undefined ? [] : [`body: ${inJavaScript(bytes)},`];
}

function formOf(fields: NonNullable<SampleRequest["form"]>): string[] {
  const name = JSON.stringify(sampleFile);
  return [
    "const form = new FormData();",
    `form.set("file", await openAsBlob(${name}), ${name});`,
    ...Object.entries(fields).map(([field, value]) => `form.set(${JSON.stringify(field)}, ${inJavaScript(value)});`),
  ];
}

function shownOf({ answer, shows, savedAs }: SampleRequest): string {
  if (shows !== undefined) return `console.log(response.status, response.headers.get(${JSON.stringify(shows)}));`;
  if (savedAs !== undefined) {
    return `await writeFile(${JSON.stringify(savedAs)}, Buffer.from(await response.arrayBuffer()));`;
  }
  if (answer === "none") return "console.log(response.status);";
  return `console.log(response.status, await response.${answer === "json" ? "json" : "text"}());`;
}
