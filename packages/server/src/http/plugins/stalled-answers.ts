import type { FastifyInstance } from "fastify";
import type { Config } from "../../config/config.ts";

/**
 * Cuts off a client that stops reading its answer. Otherwise each one that asks for a large file and takes none of it
 * would hold a file and a connection for as long as it likes.
 */
export function cutStalledAnswers(app: FastifyInstance, { limits }: Pick<Config, "limits">): void {
  app.addHook("onSend", (_request, { raw }, _payload, done) => {
    // The timer begins anew whenever bytes leave, and Node sets one of its own once the answer is out.
    raw.setTimeout(limits.stallMs, () => raw.destroy());
    done();
  });
}
