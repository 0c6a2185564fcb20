import { useQuery } from "@tanstack/react-query";
import { asProblem, Problem } from "../api/problem.ts";
import { texts } from "../texts/texts.ts";

/** The picture that the server has made, with its facts. */
interface Result {
  readonly bytes: number;
  readonly type: string;
  /** An address in this page at which the picture is. */
  readonly picture: Blob;
}

/** Asks the server for the transformed picture, and tells its size and type or why there is none. */
export function useResult(address: string) {
  const { data, error, isFetching } = useQuery({
    queryKey: ["result", address],
    queryFn: ({ signal }) => load(address, signal),
    retry: (failures, thrown) => failures < 2 && asProblem(thrown).isPassing,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    placeholderData: (before) => before,
  });
  return { result: data, problem: error === null ? undefined : asProblem(error), isBusy: isFetching };
}

async function load(address: string, signal: AbortSignal): Promise<Result> {
  const answer = await fetch(address, { signal, credentials: "omit" });
  if (!answer.ok) {
    // The delivery says in this header what is wrong, for developers.
    const reason = answer.headers.get("ik-error");
    const body = (await answer.text()).slice(0, 500);
    throw new Problem(reason ?? body ?? texts.problem.ofStatus(answer.status), { status: answer.status });
  }
  const picture = await answer.blob();
  return { bytes: picture.size, type: picture.type, picture };
}
