import { Type } from "typebox";
import { type Shape, Timestamp } from "./shape.ts";

/**
 * An entry of a request's `extensions`. Its other members depend on the extension
 * (docs/protocol/webhooks-and-extensions.md §1).
 */
export const ExtensionRequest = Type.Object({ name: Type.String() }, { additionalProperties: true });
export type ExtensionRequest = Shape<typeof ExtensionRequest>;

/**
 * Whether an extension has succeeded, has failed or has not ended yet (docs/protocol/webhooks-and-extensions.md §2).
 */
export const ExtensionStatus = Type.Enum(["success", "pending", "failed"]);
export type ExtensionStatus = Shape<typeof ExtensionStatus>;

/** The status of each extension that a request asked for, by its name. */
export const ExtensionStatuses = Type.Record(Type.String(), ExtensionStatus);
export type ExtensionStatuses = Shape<typeof ExtensionStatuses>;

/** The reason why an extension failed permanently. */
export const ExtensionError = Type.Object({
  reason: Type.String({ description: "A stable code." }),
  message: Type.String({ description: "A sentence." }),
});
export type ExtensionError = Shape<typeof ExtensionError>;

/** A saved configuration of an extension. Requests may refer to it by its id (docs/protocol/media-api.md §9). */
export const SavedExtensionObject = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  config: ExtensionRequest,
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type SavedExtensionObject = Shape<typeof SavedExtensionObject>;

export const SavedExtensionList = Type.Array(SavedExtensionObject);

export const NewSavedExtension = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 250 }),
  description: Type.String({ minLength: 1, maxLength: 1000 }),
  config: ExtensionRequest,
});

export const SavedExtensionChange = Type.Partial(NewSavedExtension);
