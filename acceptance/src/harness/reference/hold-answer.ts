import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { type Described, type ReferenceDocument, readClosedDocument } from "./closed-document.ts";

export interface HeldAnswer {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly contentType: string | null;
  /** The body. It is left out where the answer is not JSON. */
  readonly text?: string;
}

interface Route {
  readonly pattern: RegExp;
  /** The JSON pointer of the path. */
  readonly pointer: string;
  readonly operations: Readonly<Record<string, Described>>;
}

let known:
  | { readonly document: ReferenceDocument; readonly routes: readonly Route[]; readonly ajv: Ajv2020 }
  | undefined;
const validators = new Map<string, ValidateFunction>();

/** Compares an answer with what the OpenAPI document says about it. @returns what is wrong with it, if anything is */
export function problemsOf(answer: HeldAnswer): readonly string[] {
  const { method, url, status, contentType, text } = answer;
  const asked = method === "HEAD" ? "get" : method.toLowerCase();
  const name = `${method} ${new URL(url).pathname} answered ${status}`;
  const type = contentType?.split(";", 1)[0]?.trim();
  const route = routeOf(new URL(url).pathname);
  const operation = route?.operations[asked];
  if (route === undefined || operation === undefined) {
    return status < 400 && type === "application/json" && asked !== "options"
      ? [`${name}, and the document has no such operation`]
      : [];
  }
  const { response, pointer } = responseOf(route, asked, operation, status);
  if (response === undefined) return [`${name}, which ${operation.operationId} does not describe: ${text ?? type}`];
  const { content = {} } = response;
  // An answer without a body may all the same name the type of what it stands for.
  if (type === undefined || method === "HEAD" || status === 304) return [];
  if (!(type in content)) {
    return "*/*" in content ? [] : [`${name} with the type ${type}, which ${operation.operationId} does not describe`];
  }
  if (type !== "application/json" || text === undefined) return [];
  const validate = validatorAt(`${pointer}/content/${escaped(type)}/schema`);
  if (validate(JSON.parse(text))) return [];
  const errors = (validate.errors ?? []).map(({ instancePath, message, params }) =>
    [instancePath, message, JSON.stringify(params)].join(" "),
  );
  return [`${name}, which does not match ${operation.operationId}: ${errors.join("; ")}: ${text}`];
}

function responseOf({ pointer }: Route, asked: string, { responses }: Described, status: number) {
  const found = responses[status];
  if (found === undefined) return {};
  if (!("$ref" in found)) return { response: found, pointer: `${pointer}/${asked}/responses/${status}` };
  const name = found.$ref.slice("#/components/responses/".length);
  return { response: load().document.components.responses[name], pointer: found.$ref.slice(1) };
}

function validatorAt(pointer: string): ValidateFunction {
  let validate = validators.get(pointer);
  if (validate === undefined) {
    validate = load().ajv.compile({ $ref: `openapi.json#${pointer}` });
    validators.set(pointer, validate);
  }
  return validate;
}

/** The most exact route: parameters come after names, and the rest of a delivery URL comes last. */
function routeOf(path: string): Route | undefined {
  const plain = path.length > 1 ? path.replace(/\/$/, "") : path;
  return load().routes.find(({ pattern }) => pattern.test(plain));
}

function load() {
  if (known !== undefined) return known;
  const document = readClosedDocument();
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, "openapi.json");
  const routes = Object.entries(document.paths)
    .map(([path, operations]) => ({ pattern: patternOf(path), pointer: `/paths/${escaped(path)}`, operations, path }))
    .sort((one, other) => parametersIn(one.path) - parametersIn(other.path));
  known = { document, routes, ajv };
  return known;
}

const parametersIn = (path: string): number => (path.endsWith("/{path}") ? 9 : path.split("{").length - 1);

function patternOf(path: string): RegExp {
  const delivery = path === "/{imagekitId}/{path}";
  // The server keeps the other first segments for itself.
  if (delivery) return /^\/(?!(?:v1|api|console|health|metrics|docs|openapi\.json|_sluice)(?:\/|$))[^/]+\/.+$/;
  const source = path.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&").replaceAll(/\{\w+\}/g, "[^/]+");
  return new RegExp(`^${source}$`);
}

function escaped(segment: string): string {
  return encodeURIComponent(segment.replaceAll("~", "~0").replaceAll("/", "~1"));
}
