/** A warning that every upload with a made-up parameter is to bring about. */
const unknownParameter = '"msg":"an upload has a parameter that does not exist';

/** What the server has printed that an operator would look into: warnings, errors, and what Node has to say. */
export function alarmsOf(server: { output(): string }): string[] {
  const lines = server.output().split("\n");
  // Run from its sources, Node calls its own stripping of types experimental.
  const alarming = lines.filter(
    (line) => /"level":(40|50|60)|(?<!Experimental)Warning|^\s+at /.test(line) && !line.includes(unknownParameter),
  );
  return alarming.map((line) => line.slice(0, 400));
}
