import type { Operation } from "@sluice/protocol/schemas";
import type { RecordedExample } from "../recorded-examples.ts";
import { curlSample } from "./curl-sample.ts";
import { javascriptSample } from "./javascript-sample.ts";
import { withoutSamples } from "./sample-details.ts";
import { sampleRequest } from "./sample-request.ts";

/** A code sample as renderers of OpenAPI read it, in `x-codeSamples`. */
export interface CodeSample {
  readonly lang: string;
  readonly label: string;
  readonly source: string;
}

/**
 * The example of an operation as code that runs as it is shown, with credentials and ids from the environment. The
 * samples that renderers make up themselves can't know how the form's lists are written, or that a request has either a
 * token or a key. `acceptance/src/reference-samples.test.ts` runs each of them.
 */
export function codeSamples(operation: Operation, example: Partial<RecordedExample> = {}): readonly CodeSample[] {
  if (operation.id in withoutSamples) return [];
  const request = sampleRequest(operation, example);
  const samples = [
    { lang: "shell", label: "curl", source: curlSample(request) },
    { lang: "js", label: "JavaScript", source: javascriptSample(request) },
  ];
  const takesToken = operation.form !== undefined && operation.access.credentials.includes("uploadToken");
  if (!takesToken) return samples;
  const byToken = sampleRequest(operation, example, { token: true });
  return [...samples, { lang: "shell", label: "curl with a token", source: curlSample(byToken) }];
}
