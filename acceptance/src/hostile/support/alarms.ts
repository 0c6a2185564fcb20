/** A warning that every upload with a made-up parameter is supposed to cause. */
const unknownParameter = '"msg":"an upload has an unknown parameter';

/** The printed lines that an operator would look into: warnings, errors, and Node's own messages. */
export function alarmsOf(server: { output(): string }): string[] {
  const lines = server.output().split("\n");
  // When Node runs the sources, it warns that its type stripping is experimental.
  const alarming = lines.filter(
    (line) => /"level":(40|50|60)|(?<!Experimental)Warning|^\s+at /.test(line) && !line.includes(unknownParameter),
  );
  return alarming.map((line) => line.slice(0, 400));
}
