import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/call.ts";
import { asProblem, Problem } from "../api/problem.ts";
import { useMayChange } from "../door/session.ts";
import { texts } from "../texts/texts.ts";

/** The video once it is encoded. */
export interface MadeVideo {
  readonly address: string;
  readonly type: string;
  readonly bytes: number;
}

const lookMs = 1000;
const kind = "video-rendition";

/**
 * Has a video encoded once `start` is called, and looks whether it is there. Another address waits for another start.
 * @param versionId of the file, by which its jobs are known
 */
export function useEncode(address: string, versionId: string) {
  const [started, setStarted] = useState<string>();
  const isStarted = started === address;
  const { data, error, refetch } = useQuery({
    queryKey: ["encoded", address],
    enabled: isStarted,
    queryFn: ({ signal }) => look(address, signal),
    refetchInterval: ({ state }) => (state.error === null && state.data === "pending" ? lookMs : false),
    retry: (failures, thrown) => failures < 3 && asProblem(thrown).isPassing,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  const isPending = isStarted && error === null && (data === undefined || data === "pending");
  return {
    start: () => {
      setStarted(address);
      if (isStarted) void refetch();
    },
    made: isStarted && typeof data === "object" ? data : undefined,
    problem: isStarted && error !== null ? asProblem(error) : undefined,
    isPending,
    fraction: useFraction(versionId, isPending),
  };
}

/** How far the encode is, from 0 to 1. Only keys that may change something see jobs. */
function useFraction(versionId: string, isPending: boolean): number | undefined {
  const mayAsk = useMayChange();
  const { data } = useQuery({
    queryKey: ["encode", versionId],
    enabled: mayAsk && isPending,
    refetchInterval: lookMs,
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const { body } = await call("GET /_sluice/jobs", { query: { state: "running", name: kind } }, signal);
      return body.jobs.find(({ subject }) => subject.versionId === versionId)?.progress?.fraction ?? null;
    },
  });
  return data ?? undefined;
}

/** Asks for the video without its bytes. Until it is there, the server leads to the original. */
async function look(address: string, signal: AbortSignal): Promise<MadeVideo | "pending"> {
  const init = { method: "HEAD", redirect: "manual", cache: "no-store", credentials: "omit", signal } as const;
  const answer = await fetch(address, init).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new Problem(texts.problem.unreachable, { status: 0, cause: error });
  });
  const type = answer.headers.get("content-type") ?? "";
  if (answer.type === "opaqueredirect" || (answer.ok && !/^(video|audio)\//.test(type))) return "pending";
  if (answer.ok) return { address, type, bytes: Number(answer.headers.get("content-length")) };
  const reason = answer.headers.get("ik-error") ?? texts.problem.ofStatus(answer.status);
  throw new Problem(reason, { status: answer.status });
}
