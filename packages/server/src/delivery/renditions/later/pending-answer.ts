import type { Answer } from "../../delivery.ts";

/** The vendor's text until the picture is there (docs/protocol/delivery.md §11). */
const words = Buffer.from("The asset is currently being prepared");

/** The answer to a URL whose rendition a job is still making. The client asks again. */
export function pendingAnswer(headers: Readonly<Record<string, string>>): Answer {
  return {
    status: 200,
    headers: {
      "cache-control": "no-store",
      "content-type": "text/html",
      "content-length": String(words.length),
      "is-intermediate-response": "true",
      ...headers,
    },
    body: words,
  };
}
