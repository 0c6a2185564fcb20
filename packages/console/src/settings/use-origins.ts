import { useQuery } from "@tanstack/react-query";
import { call } from "../api/call.ts";
import type { Origin } from "./origin-kinds.ts";

/** The key under which the origins are kept in this page. */
export const originsKey = ["origins"];

export async function loadOrigins(signal: AbortSignal): Promise<readonly Origin[]> {
  return (await call("GET /v1/accounts/origins", {}, signal)).body;
}

export function useOrigins() {
  return useQuery({ queryKey: originsKey, queryFn: ({ signal }) => loadOrigins(signal) });
}
