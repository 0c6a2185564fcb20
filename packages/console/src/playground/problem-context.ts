import { createContext, useContext } from "react";

/** The server's words about the transformation that is tried out, if it refuses it. */
export const ProblemContext = createContext<string | undefined>(undefined);

/** The server's words, where they are about a part of the transformation. They end with the part as it was written. */
export function useProblemOf(...parts: readonly string[]): string | undefined {
  const problem = useContext(ProblemContext);
  const isIts = parts.some((part) => part !== "" && problem?.endsWith(` ${part}`));
  return isIts ? problem?.replace(/^EINVALID - /, "") : undefined;
}
