import { useQuery } from "@tanstack/react-query";
import { asProblem, Problem } from "../api/problem.ts";
import { texts } from "../texts/texts.ts";

/** Asks the server for the transformed picture, or learns why there is none. */
export function useResult(address: string) {
  const { data, error, isFetching } = useQuery({
    queryKey: ["result", address],
    queryFn: ({ signal }) => load(address, signal),
    retry: (failures, thrown) => failures < 2 && asProblem(thrown).isPassing,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    placeholderData: (before) => before,
  });
  return { picture: data, problem: error === null ? undefined : asProblem(error), isBusy: isFetching };
}

async function load(address: string, signal: AbortSignal): Promise<Blob> {
  const answer = await fetch(address, { signal, credentials: "omit" }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new Problem(texts.problem.unreachable, { status: 0, cause: error });
  });
  if (answer.ok) return answer.blob();
  // The body is read in any case. The browser takes a request for unfinished while its body waits.
  const text = await answer.text();
  // The delivery says in this header what is wrong, for developers.
  const reason = answer.headers.get("ik-error") ?? text.slice(0, 500);
  throw new Problem(reason || texts.problem.ofStatus(answer.status), { status: answer.status });
}
