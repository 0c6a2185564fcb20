import { printJson } from "./print-json.ts";
import { type SampleRequest, sampleFile } from "./sample-request.ts";
import { hasVariables, inJavaScript } from "./sample-text.ts";

const spelling = {
  text: inJavaScript,
  name: (name: string) => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)),
};

/** The request as a module of JavaScript, for Node. */
export function javascriptSample(request: SampleRequest): string {
  const { method, form, savedAs } = request;
  const options = [
    ...(method === "GET" ? [] : [`method: ${JSON.stringify(method)},`]),
    ...headersOf(request),
    ...bodyOf(request),
  ].map((line) => `  ${line.replaceAll("\n", "\n  ")}`);
  const address = addressOf(request);
  const call = options.length === 0 ? `fetch(${address})` : `fetch(${address}, {\n${options.join("\n")}\n})`;
  return [
    ...(form ? ['import { openAsBlob } from "node:fs";', ""] : []),
    ...(savedAs === undefined ? [] : ['import { writeFile } from "node:fs/promises";', ""]),
    ...(form ? formOf(form) : []),
    `const response = await ${call};`,
    shownOf(request),
  ].join("\n");
}

function addressOf({ url, query }: Pick<SampleRequest, "url" | "query">): string {
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
  if (json !== undefined) return [`body: JSON.stringify(${printJson(json, spelling)}),`];
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
