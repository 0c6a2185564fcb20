/** The extensions that the model of `@sluice/auto-tagging` provides on this machine, unless an endpoint does. */
export const taggedHere = ["google-auto-tagging", "aws-auto-tagging"] as const;
