import { Type } from "typebox";

/** The part of its work that a job has done. A job that waits for its first run, or has ended, has none. */
export const Progress = Type.Object({
  fraction: Type.Number({ minimum: 0, maximum: 1 }),
  message: Type.String({ description: "A sentence for people, in English." }),
});
