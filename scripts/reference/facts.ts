/** A part of an OpenAPI document, of any shape until it has been looked at. */
// biome-ignore lint/suspicious/noExplicitAny: two documents of different authors are read
type Node = any;

/** The members of members are compared as well, but not theirs. */
const maxDepth = 2;

/**
 * The statements of an OpenAPI document that can be compared with another one's, a line each: operations, parameters,
 * members of bodies and forms, statuses, members of answers, events.
 */
export function factsOf(document: Node): readonly string[] {
  const facts = new Set<string>();
  for (const [path, item] of Object.entries<Node>(document.paths)) {
    // The names of a path's parameters are for people.
    const place = path.replaceAll(/\{\w+\}/g, "{}");
    for (const method of ["get", "post", "put", "patch", "delete"]) {
      if (item[method]) addOperation(facts, `${method.toUpperCase()} ${place}`, item[method], document);
    }
  }
  for (const item of Object.values<Node>(document.webhooks ?? {})) addEvent(facts, item.post, document);
  return [...facts].sort();
}

function addOperation(facts: Set<string>, name: string, operation: Node, document: Node): void {
  facts.add(name);
  for (const parameter of operation.parameters ?? []) {
    const { in: place, name: parameterName } = resolved(parameter, document);
    if (place === "query") facts.add(`${name} · query ${parameterName}`);
  }
  const asked = bodyOf(operation.requestBody, document);
  for (const member of membersOf(asked, document)) facts.add(`${name} · request ${member}`);
  for (const [status, response] of Object.entries<Node>(operation.responses)) {
    facts.add(`${name} · ${status}`);
    if (Number(status) >= 300) continue;
    for (const member of membersOf(bodyOf(response, document), document)) facts.add(`${name} · ${status} ${member}`);
  }
}

function addEvent(facts: Set<string>, operation: Node, document: Node): void {
  const schema = resolved(bodyOf(operation.requestBody, document), document);
  const type = typeOf(schema, document);
  if (type === undefined) return;
  facts.add(`event ${type}`);
  for (const member of membersOf(schema, document)) facts.add(`event ${type} · ${member}`);
}

function typeOf(schema: Node, document: Node): string | undefined {
  const own = resolved(schema?.properties?.type, document);
  const [value = own?.const] = own?.enum ?? [];
  if (value !== undefined) return value;
  return partsOf(schema)
    .map((part) => typeOf(resolved(part, document), document))
    .find((found) => found !== undefined);
}

function bodyOf(body: Node, document: Node): Node {
  const { content = {} } = resolved(body, document) ?? {};
  return (content["application/json"] ?? content["multipart/form-data"])?.schema;
}

/** The paths of a schema's members. The items of an array, and the variants of a union, count as the schema itself. */
function membersOf(schema: Node, document: Node, depth = 0): readonly string[] {
  const node = resolved(schema, document);
  if (node === undefined || depth === maxDepth) return [];
  const inParts = partsOf(node).flatMap((part) => membersOf(part, document, depth));
  const own = Object.entries<Node>(node.properties ?? {}).flatMap(([name, member]) => [
    name,
    ...membersOf(member, document, depth + 1).map((inner) => `${name}.${inner}`),
  ]);
  return [...own, ...inParts];
}

const partsOf = (node: Node): Node[] =>
  [node?.allOf, node?.anyOf, node?.oneOf, node?.items && [node.items]].flatMap((parts) => parts ?? []);

function resolved(node: Node, document: Node): Node {
  if (typeof node?.$ref !== "string") return node;
  const found = node.$ref
    .slice("#/".length)
    .split("/")
    .reduce((place: Node, name: string) => place?.[name.replaceAll("~1", "/").replaceAll("~0", "~")], document);
  return resolved(found, document);
}
