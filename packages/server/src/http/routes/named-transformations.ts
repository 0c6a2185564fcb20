import { type NamedTransformationObject, operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import {
  changeNamed,
  createNamed,
  getNamed,
  listNamed,
  removeNamed,
} from "../../library/named-transformations/manage-named-transformations.ts";
import {
  isNamedTransformationId,
  type NamedTransformation,
} from "../../library/named-transformations/named-transformations.ts";
import { invalidParameter } from "../../text/parameter.ts";
import { addRoute, type DepsOf } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";

type NamedTransformationsDeps = AuthDeps &
  DepsOf<typeof createNamed> &
  DepsOf<typeof changeNamed> &
  DepsOf<typeof removeNamed>;

/** Transformations that URLs call by a name (docs/protocol/media-api.md §9). */
export function namedTransformationsRoutes(services: NamedTransformationsDeps): FastifyPluginAsync {
  const { reader } = services.database;
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    addRoute(app, operations.listNamedTransformations, async (request) => {
      const { viewer } = principalOfRequest(request);
      return (await listNamed(reader, viewer)).map(objectOf);
    });
    addRoute(app, operations.createNamedTransformation, async (request, reply) => {
      const named = await createNamed(services, principalOfRequest(request), jsonObjectOf(request.body));
      return reply.code(201).send(objectOf(named));
    });
    addRoute(app, operations.getNamedTransformation, async (request) => {
      const { viewer } = principalOfRequest(request);
      return objectOf(await getNamed(reader, viewer, idOf(request.params)));
    });
    addRoute(app, operations.changeNamedTransformation, async (request) => {
      const id = idOf(request.params);
      return objectOf(await changeNamed(services, principalOfRequest(request), id, jsonObjectOf(request.body)));
    });
    addRoute(app, operations.deleteNamedTransformation, async (request, reply) => {
      await removeNamed(services, principalOfRequest(request), idOf(request.params));
      return reply.code(204).send();
    });
  };
}

/** @throws SluiceError PARAMETER_INVALID when the id in the path is not an id (docs/protocol/media-api.md §1) */
function idOf({ id }: { readonly id: string }): string {
  if (!isNamedTransformationId(id)) throw invalidParameter("id", "An id has letters, digits and _.");
  return id;
}

function objectOf({ createdAt, ...rest }: NamedTransformation): NamedTransformationObject {
  return { ...rest, createdAt: new Date(createdAt).toISOString() };
}
