import { serve } from "./serve.ts";

/** Receives webhooks, and answers each at once. */
serve((request, response) => {
  request.resume().once("end", () => response.writeHead(204).end());
});
