import {
  NamedTransformationChange,
  NamedTransformationList,
  NamedTransformationObject,
  NewNamedTransformation,
} from "../schemas/named-transformation.ts";
import { changing, reading } from "./access.ts";
import type { Operation } from "./operation.ts";
import { namedTransformationId } from "./path-parameters.ts";

const parameters = { id: namedTransformationId };

export const namedTransformations = {
  listNamedTransformations: {
    id: "list-named-transformations",
    method: "GET",
    path: "/v1/named-transformations",
    tag: "Transformations",
    summary: "List the named transformations",
    sdk: "namedTransformations.list",
    access: reading,
    compressed: true,
    answers: { 200: NamedTransformationList },
    errors: [],
  },
  createNamedTransformation: {
    id: "create-named-transformation",
    method: "POST",
    path: "/v1/named-transformations",
    tag: "Transformations",
    summary: "Create a named transformation",
    sdk: "namedTransformations.create",
    access: changing,
    body: NewNamedTransformation,
    answers: { 201: NamedTransformationObject },
    errors: ["PARAMETER_INVALID", "NAMED_TRANSFORMATION_NAME_TAKEN", "TOO_MANY_NAMED_TRANSFORMATIONS"],
  },
  getNamedTransformation: {
    id: "get-named-transformation",
    method: "GET",
    path: "/v1/named-transformations/:id",
    tag: "Transformations",
    summary: "Get a named transformation",
    sdk: "namedTransformations.get",
    access: reading,
    parameters,
    answers: { 200: NamedTransformationObject },
    errors: ["PARAMETER_INVALID", "NAMED_TRANSFORMATION_NOT_FOUND"],
  },
  changeNamedTransformation: {
    id: "update-named-transformation",
    method: "PATCH",
    path: "/v1/named-transformations/:id",
    tag: "Transformations",
    summary: "Change a named transformation",
    sdk: "namedTransformations.update",
    access: changing,
    parameters,
    body: NamedTransformationChange,
    answers: { 200: NamedTransformationObject },
    errors: [
      "PARAMETER_INVALID",
      "NAMED_TRANSFORMATION_NOT_FOUND",
      "NAMED_TRANSFORMATION_NAME_TAKEN",
      "NAMED_TRANSFORMATION_BUILT_IN",
    ],
  },
  deleteNamedTransformation: {
    id: "delete-named-transformation",
    method: "DELETE",
    path: "/v1/named-transformations/:id",
    tag: "Transformations",
    summary: "Delete a named transformation",
    sdk: "namedTransformations.delete",
    access: changing,
    parameters,
    answers: { 204: null },
    errors: ["PARAMETER_INVALID", "NAMED_TRANSFORMATION_NOT_FOUND", "NAMED_TRANSFORMATION_BUILT_IN"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
