import { printJson } from "./print-json.ts";
import { type SampleRequest, sampleFile } from "./sample-request.ts";
import { hasVariables, inHereDocument, inShell, type SampleText } from "./sample-text.ts";

const spelling = { text: (text: string) => JSON.stringify(text), name: (name: string) => JSON.stringify(name) };

/** The request as a command of curl, for a POSIX shell. */
export function curlSample(request: SampleRequest): string {
  const { method, withKey, headers, json, form, bytes, shows, savedAs } = request;
  const text = json === undefined ? undefined : printJson(json, spelling);
  const hasBody = text !== undefined || form !== undefined || bytes !== undefined;
  const isImplied = method === "GET" || (method === "POST" && hasBody);
  const needsDocument = text !== undefined && hasVariables(text);
  const options = [
    ["curl", ...(isImplied ? [] : ["-X", method]), ...(shows === undefined ? [] : ["-i"]), ...addressOf(request)],
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
function addressOf({ url, query }: Pick<SampleRequest, "url" | "query">): string[] {
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
