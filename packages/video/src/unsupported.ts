/** The program is asked for something that FFmpeg can do, and it can't. */
export class Unsupported extends Error {}
