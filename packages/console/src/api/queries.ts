import { QueryClient } from "@tanstack/react-query";
import { asProblem } from "./problem.ts";

export const sessionKey = ["session"] as const;

export const queries: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => failures < 3 && asProblem(error).isPassing,
      retryDelay: (failures) => Math.min(500 * 2 ** failures, 8000),
    },
  },
});
