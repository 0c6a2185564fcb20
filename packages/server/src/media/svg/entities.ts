// An internal subset may hold much more; only entities that stand for plain text are made use of. Each match ends at the
// quote that its value begins with, so that no input makes the pattern go over anything twice.
const declaration = /<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:"([^"%&<]*)"|'([^'%&<]*)')\s*>/g;

const mostEntities = 100;
const longestValue = 1000;

/**
 * What drawing programs declare for their namespaces: names for plain text. Names for names, which bombs are made of, for
 * markup and for other files aren't read, so that whoever uses them has no drawing.
 */
export function readEntities(doctype: string): ReadonlyMap<string, string> {
  const entities = new Map<string, string>();
  for (const [, name = "", double, single] of doctype.matchAll(declaration)) {
    const value = double ?? single ?? "";
    // The first one counts.
    if (entities.size < mostEntities && value.length <= longestValue && !entities.has(name)) entities.set(name, value);
  }
  return entities;
}
