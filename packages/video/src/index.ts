const moduleExtension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";

/**
 * The program that reads and writes videos, for a process of its own: it loads the libraries of FFmpeg, which read
 * strangers' bytes in native code and are under the GPL. Its first argument is `ffmpeg`, `ffprobe` or `version`. The others are
 * those options of these programs that it knows (README.md).
 */
export const videoProgram = new URL(`./video-program${moduleExtension}`, import.meta.url);

/** The program ends with this code where it is asked for something that FFmpeg can do, and it can't. */
export const unsupportedCode = 78;
