/** What the server has printed that an operator would look into: warnings, errors, and what Node has to say. */
export function alarmsOf(server: { output(): string }): string[] {
  const lines = server.output().split("\n");
  // Run from its sources, Node calls its own stripping of types experimental.
  const alarming = lines.filter((line) => /"level":(40|50|60)|(?<!Experimental)Warning|^\s+at /.test(line));
  return alarming.map((line) => line.slice(0, 400));
}
