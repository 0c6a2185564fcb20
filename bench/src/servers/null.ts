import { serve } from "./serve.ts";

/** Takes a body in, keeps nothing and answers: what the load client reaches here is its ceiling. */
serve((request, response) => {
  request.resume().once("end", () => response.end("{}"));
});
