import { serve } from "./serve.ts";

/** Reads the body, keeps nothing and answers. The load client's rate here is its ceiling. */
serve((request, response) => {
  request.resume().once("end", () => response.end("{}"));
});
