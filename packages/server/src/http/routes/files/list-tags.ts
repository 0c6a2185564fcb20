import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { listTags, parseTagsQuery } from "../../../library/listing/list-tags.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { listTurns } from "./list-turns.ts";
import type { FilesNeeds } from "./needs.ts";

export function listTagsRoute(app: FastifyInstance, { database }: FilesNeeds): void {
  const inTurn = listTurns();
  addRoute(app, operations.listTags, async (request, reply) => {
    const { accountId } = principalOfRequest(request);
    const query = parseTagsQuery(request.query);
    return inTurn(reply, accountId, (signal) => listTags(database.reader, accountId, query, signal));
  });
}
