import { describe, expect, test } from "vitest";
import { Unsupported } from "../unsupported.ts";
import { readCommand, readProbeCommand } from "./read-command.ts";

const input = ["-protocol_whitelist", "fd,pipe", "-fd", "3", "-i", "fd:"];
const output = ["-map", "0:v:0", "-c:v", "libx264", "-f", "mp4", "-y", "file:out"];

describe("a command", () => {
  test("has options for each input, and then those of the output", () => {
    const second = ["-format_whitelist", "png_pipe", "-f", "png_pipe", "-fd", "4", "-i", "fd:"];
    const { inputs, output: file } = readCommand([
      "-v",
      "error",
      "-ss",
      "1.5",
      ...input,
      ...second,
      "-t",
      "2",
      ...output,
    ]);
    expect(inputs).toEqual([
      { container: { protocol_whitelist: "fd,pipe", fd: "3" }, decoder: {}, format: undefined, start: 1.5 },
      { container: { format_whitelist: "png_pipe", fd: "4" }, decoder: {}, format: "png_pipe", start: 0 },
    ]);
    expect(file).toMatchObject({ target: "file:out", format: "mp4", length: 2, maps: ["0:v:0"] });
  });

  test("hands options of encoders on, with and without the kind of their stream", () => {
    const options = ["-crf", "30", "-profile:v", "high", "-b:v", "0", "-c:a", "aac", "-b:a", "96k", "-ac", "2"];
    const { picture, sound } = readCommand([...input, ...options, ...output]).output;
    expect(picture).toMatchObject({ name: "libx264", options: { crf: "30", profile: "high", b: "0" } });
    expect(sound).toEqual({ name: "aac", options: { b: "96k" } });
  });

  test.each([
    ["an unknown option", ["-loop", "1", ...input, ...output]],
    ["an option of the output before an input", ["-t", "1", ...input, ...output]],
    ["an option without its value", [...input, "-map"]],
    ["a path as an input", ["-i", "/etc/passwd", ...output]],
    ["an address as an input", ["-i", "http://127.0.0.1/", ...output]],
    ["several files to write", [...input, ...output, "file:other"]],
    ["metadata of an input", [...input, "-map_metadata", "0", ...output]],
    ["sound in mono", [...input, "-ac", "1", ...output]],
    ["a time that is no number", ["-ss", "00:01", ...input, ...output]],
  ])("with %s is refused", (_, args) => {
    expect(() => readCommand(args)).toThrow(Unsupported);
  });

  test.each([
    ["of facts in another form", ["-show_streams", "-of", "xml", ...input]],
    ["of facts of a path", ["-of", "json", "-i", "/etc/passwd"]],
    ["of facts with more behind", ["-of", "json", ...input, "other"]],
  ])("%s is refused", (_, args) => {
    expect(() => readProbeCommand(args)).toThrow(Unsupported);
  });
});
