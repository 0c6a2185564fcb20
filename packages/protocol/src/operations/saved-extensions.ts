import {
  NewSavedExtension,
  SavedExtensionChange,
  SavedExtensionList,
  SavedExtensionObject,
} from "../schemas/extension.ts";
import { changing, reading } from "./access.ts";
import type { Operation } from "./operation.ts";
import { savedExtensionId } from "./path-parameters.ts";

const parameters = { id: savedExtensionId };

export const savedExtensions = {
  listSavedExtensions: {
    id: "list-extensions",
    method: "GET",
    path: "/v1/saved-extensions",
    tag: "Extensions",
    summary: "List the saved extensions",
    sdk: "savedExtensions.list",
    access: reading,
    answers: { 200: SavedExtensionList },
    errors: [],
  },
  createSavedExtension: {
    id: "create-extension",
    method: "POST",
    path: "/v1/saved-extensions",
    tag: "Extensions",
    summary: "Save an extension's configuration",
    sdk: "savedExtensions.create",
    access: changing,
    body: NewSavedExtension,
    answers: { 201: SavedExtensionObject },
    errors: ["PARAMETER_INVALID", "EXTENSION_NAME_INVALID", "EXTENSION_CONFIG_INVALID", "TOO_MANY_SAVED_EXTENSIONS"],
  },
  getSavedExtension: {
    id: "get-extension",
    method: "GET",
    path: "/v1/saved-extensions/:id",
    tag: "Extensions",
    summary: "Get a saved extension",
    sdk: "savedExtensions.get",
    access: reading,
    parameters,
    answers: { 200: SavedExtensionObject },
    errors: ["SAVED_EXTENSION_ID_INVALID", "SAVED_EXTENSION_NOT_FOUND"],
  },
  changeSavedExtension: {
    id: "update-extension",
    method: "PATCH",
    path: "/v1/saved-extensions/:id",
    tag: "Extensions",
    summary: "Change a saved extension",
    sdk: "savedExtensions.update",
    access: changing,
    parameters,
    body: SavedExtensionChange,
    answers: { 200: SavedExtensionObject },
    errors: [
      "PARAMETER_INVALID",
      "SAVED_EXTENSION_ID_INVALID",
      "SAVED_EXTENSION_NOT_FOUND",
      "EXTENSION_NAME_INVALID",
      "EXTENSION_CONFIG_INVALID",
    ],
  },
  deleteSavedExtension: {
    id: "delete-extension",
    method: "DELETE",
    path: "/v1/saved-extensions/:id",
    tag: "Extensions",
    summary: "Delete a saved extension",
    sdk: "savedExtensions.delete",
    access: changing,
    parameters,
    answers: { 204: null },
    errors: ["SAVED_EXTENSION_ID_INVALID", "SAVED_EXTENSION_NOT_FOUND"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
