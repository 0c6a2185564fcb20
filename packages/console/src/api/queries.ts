import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { asProblem } from "./problem.ts";

export const sessionKey = ["session"] as const;

/** A request that was refused because the session has ended leads back to the door. */
function onError(error: unknown): void {
  if (asProblem(error).isSignedOut) queries.setQueryData(sessionKey, null);
}

export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => failures < 3 && asProblem(error).isPassing,
      retryDelay: (failures) => Math.min(500 * 2 ** failures, 8000),
    },
  },
});
