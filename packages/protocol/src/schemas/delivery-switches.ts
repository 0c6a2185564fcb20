import { type TProperties, Type } from "typebox";
import { nullable, type Shape } from "./shape.ts";

const restriction = Type.Union([Type.Literal("off"), Type.Literal("except_named"), Type.Literal("all")], {
  description: "`except_named` lets unsigned URLs pass that use only named transformations.",
});
const list = (description: string) =>
  Type.Array(Type.String(), {
    description: `${description} An entry after \`not:\` is kept out. An empty list lets everybody pass.`,
  });

const members = {
  plainImages: Type.Union([Type.Literal("optimised"), Type.Literal("original")], {
    description: "The answer to an image's URL without a transformation.",
  }),
  bestFormat: Type.Boolean({ description: "Whether the client gets the best format that it takes." }),
  avif: Type.Boolean({ description: "Whether AVIF is among those formats." }),
  quality: Type.Integer({ minimum: 1, maximum: 100 }),
  dataSaver: Type.Boolean({ description: "Whether `Save-Data: on` lowers the quality." }),
  stripMetadata: Type.Boolean(),
  stripProfile: Type.Boolean(),
  autoOrient: Type.Boolean(),
  chromaSubsampling: Type.Union([Type.Literal("auto"), Type.Literal("4:4:4"), Type.Literal("4:2:0")]),
  pngCompression: Type.Union([Type.Literal("lossy"), Type.Literal("minimum"), Type.Literal("none")]),
  restrictUnsignedImages: restriction,
  restrictUnsignedVideos: restriction,
  privateThumbnails: Type.Union([Type.Literal("unsigned"), Type.Literal("signed")], {
    description: "Whether thumbnails of private files need a signed URL, which answers then carry.",
  }),
  restrictUnnamed: Type.Boolean({ description: "Whether only named transformations are accepted." }),
  unknownParameters: Type.Union([Type.Literal("refuse"), Type.Literal("ignore")]),
  sharedCacheSeconds: Type.Integer({ minimum: 0, maximum: 31_536_000 }),
  clientAddresses: list("Addresses and CIDR ranges of the clients that are delivered to."),
  referrers: list("Hosts of the sites that may embed the files."),
  userAgents: list("Parts of the user agents that are delivered to."),
  countries: list("Codes of the countries that are delivered to."),
} as const satisfies TProperties;

const switches = Type.Object(members);

export type DeliverySwitchesObject = Shape<typeof DeliverySwitchesObject>;
export const DeliverySwitchesObject = Type.Object({
  switches,
  defaults: Type.Intersect([switches], { description: "The values of switches that nobody has set." }),
});

export const DeliverySwitchesChange = Type.Object(
  Object.fromEntries(
    Object.entries(members).map(([name, schema]) => [name, Type.Optional(nullable(schema))]),
  ) as unknown as { readonly [Name in keyof typeof members]: ReturnType<typeof optional<(typeof members)[Name]>> },
  { description: "What is left out stays as it is; null goes back to the default." },
);

function optional<Schema extends (typeof members)[keyof typeof members]>(schema: Schema) {
  return Type.Optional(nullable(schema));
}
