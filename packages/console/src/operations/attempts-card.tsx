import { Badge, Button, NativeSelect } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import type { Answer } from "../api/routes.ts";
import { Card } from "../settings/card.tsx";
import { Skeleton } from "../shell/skeleton.tsx";
import { ProblemState, State } from "../shell/states.tsx";
import { timeText } from "../shell/time-text.ts";
import { texts } from "../texts/texts.ts";
import { attemptsKey, useEndpoints } from "./endpoints.ts";
import styles from "./operations.module.css";

export type Attempt = Answer<"GET /_sluice/webhook-attempts">["attempts"][number];

const words = texts.operations.deliveries;
const pageSize = 30;

interface AttemptsCardProps {
  readonly endpoint: string | undefined;
  readonly attempt: string | undefined;
  readonly onEndpoint: (endpoint: string | undefined) => void;
}

/** The attempts to deliver events, the newest first. */
export function AttemptsCard({ endpoint, attempt: shown, onEndpoint }: AttemptsCardProps) {
  const { data: endpoints } = useEndpoints();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...attemptsKey, endpoint],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam: cursor, signal }) => {
      const query = { limit: pageSize, ...(endpoint && { endpointId: endpoint }), ...(cursor && { cursor }) };
      return (await call("GET /_sluice/webhook-attempts", { query }, signal)).body;
    },
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const attempts = data?.pages.flatMap((page) => page.attempts);
  const urlOf = (id: string | null) =>
    id === null ? words.requests : (endpoints?.find((one) => one.id === id)?.url ?? words.removedEndpoint);

  return (
    <Card title={words.title} help={words.help}>
      <div className={styles.filters}>
        <NativeSelect
          aria-label={words.which}
          value={endpoint ?? ""}
          data={[
            { value: "", label: words.everywhere },
            ...(endpoints ?? []).map(({ id, url }) => ({ value: id, label: url })),
            { value: "none", label: words.requests },
          ]}
          onChange={({ currentTarget }) => onEndpoint(currentTarget.value || undefined)}
        />
      </div>
      {error ? (
        <ProblemState level={2} problem={asProblem(error)} onAgain={() => void refetch()} />
      ) : attempts === undefined ? (
        <Skeleton rows={5} />
      ) : attempts.length === 0 ? (
        <State level={2} title={words.none} help={words.noneHelp} />
      ) : (
        <ul className={styles.list}>
          {attempts.map((attempt) => (
            <li key={attempt.id} className={styles.item}>
              <Link
                to="/webhooks"
                search={{ endpoint, attempt: attempt.id }}
                className={styles.attempt}
                aria-current={attempt.id === shown ? "true" : undefined}
              >
                <span>
                  <OutcomeBadge attempt={attempt} />
                </span>
                <span className={styles.what}>
                  <span className={styles.type}>{attempt.eventType ?? words.forgotten}</span>
                  {attempt.error !== null && <span className={styles.bad}>{attempt.error}</span>}
                  {endpoint === undefined && <span className={styles.quiet}>{urlOf(attempt.endpointId)}</span>}
                </span>
                <span className={styles.when}>
                  {timeText(attempt.sentAt)}
                  <br />
                  {attempt.attempt > 1 && `${words.attempt(attempt.attempt)} · `}
                  {words.milliseconds(attempt.durationMs)}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button variant="default" mt="sm" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {words.older}
        </Button>
      )}
    </Card>
  );
}

export function OutcomeBadge({ attempt }: { readonly attempt: Pick<Attempt, "attempt" | "error" | "status"> }) {
  if (attempt.attempt === 0) return <Badge variant="outline">{words.notSent}</Badge>;
  const word = attempt.error === null ? words.delivered : words.failed;
  return (
    <Badge variant="light" color={attempt.error === null ? "stream" : "red"}>
      {attempt.status === null ? word : `${word} ${attempt.status}`}
    </Badge>
  );
}
