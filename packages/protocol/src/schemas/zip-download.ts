import { Type } from "typebox";
import type { Shape } from "./shape.ts";

export const ZipSelection = Type.Object(
  {
    fileIds: Type.Optional(Type.Array(Type.String(), { description: "The ids of files." })),
    folderPaths: Type.Optional(
      Type.Array(Type.String(), { description: "The paths of folders, each with everything that lies in it." }),
    ),
  },
  { description: "At least one file or folder. What is named twice comes once." },
);

export type ZipTicket = Shape<typeof ZipTicket>;
export const ZipTicket = Type.Object({
  url: Type.String({ description: "The address of the archive. Whoever has it may download the archive, once." }),
  fileName: Type.String({ description: "The name under which browsers save the archive." }),
  files: Type.Integer({ description: "The number of files that the selection holds now." }),
  bytes: Type.Integer({ description: "Their sizes together." }),
  expiresAt: Type.String({ format: "date-time", description: "The download has to begin before this time." }),
});

export const ZipQuery = Type.Object({ ticket: Type.String({ description: "The ticket, as the address has it." }) });
