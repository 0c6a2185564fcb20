import { FolderMarks } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { listMarks, parseMarksQuery } from "../../../library/listing/list-marks.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { listTurns } from "./list-turns.ts";
import type { FilesNeeds } from "./needs.ts";

const schema = { response: { 200: FolderMarks } };

export function listMarksRoute(app: FastifyInstance, { database }: FilesNeeds): void {
  const inTurn = listTurns();
  app.get<{ Querystring: Record<string, unknown> }>("/v1/files/marks", { schema }, async (request, reply) => {
    const { accountId } = principalOfRequest(request);
    const query = parseMarksQuery(request.query);
    return inTurn(reply, accountId, (signal) => listMarks(database.reader, accountId, query, signal));
  });
}
