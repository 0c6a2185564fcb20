/** Warnings that are no alarm: every upload with a made-up parameter causes one, and so does a busy machine. */
const expected = ['"msg":"an upload has an unknown parameter', '"msg":"slow request"'];

/** The printed lines that an operator would look into: warnings, errors, and Node's own messages. */
export function alarmsOf(server: { output(): string }): string[] {
  const lines = server.output().split("\n");
  // When Node runs the sources, it warns that its type stripping is experimental.
  const alarming = lines.filter(
    (line) =>
      /"level":(40|50|60)|(?<!Experimental)Warning|^\s+at /.test(line) && !expected.some((text) => line.includes(text)),
  );
  return alarming.map((line) => line.slice(0, 400));
}
