import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { listMarks, parseMarksQuery } from "../../../library/listing/list-marks.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { listTurns } from "./list-turns.ts";
import type { FilesNeeds } from "./needs.ts";

export function listMarksRoute(app: FastifyInstance, { database }: FilesNeeds): void {
  const inTurn = listTurns();
  addRoute(app, operations.listMarks, async (request, reply) => {
    const { accountId } = principalOfRequest(request);
    const query = parseMarksQuery(request.query);
    return inTurn(reply, accountId, (signal) => listMarks(database.reader, accountId, query, signal));
  });
}
