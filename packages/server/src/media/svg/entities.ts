// An internal subset may hold much more, but only entities that stand for plain text are used. Each match ends at the
// quote that its value begins with, so no input makes the pattern read anything twice.
const declaration = /<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:"([^"%&<]*)"|'([^'%&<]*)')\s*>/g;

const maxEntities = 100;
const maxValueLength = 1000;

/**
 * Reads the entities that drawing programs declare for their namespaces. These are names for plain text. Names for
 * names (which bombs are made of), for markup and for other files aren't read, so a text that uses them is no drawing.
 */
export function readEntities(doctype: string): ReadonlyMap<string, string> {
  const entities = new Map<string, string>();
  for (const [, name = "", double, single] of doctype.matchAll(declaration)) {
    const value = double ?? single ?? "";
    // The first declaration of a name counts.
    if (entities.size < maxEntities && value.length <= maxValueLength && !entities.has(name)) entities.set(name, value);
  }
  return entities;
}
