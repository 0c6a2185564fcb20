import { Badge, Button, NativeSelect, SegmentedControl } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { useRef, useState } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { queries } from "../api/queries.ts";
import type { Answer } from "../api/routes.ts";
import { Card, Row, Rows } from "../settings/card.tsx";
import { notify } from "../shell/notice-store.ts";
import { Skeleton } from "../shell/skeleton.tsx";
import { ProblemState, State } from "../shell/states.tsx";
import { tellProblem } from "../shell/tell-problem.ts";
import { timeText } from "../shell/time-text.ts";
import { texts } from "../texts/texts.ts";
import { useEndpoints } from "./endpoints.ts";
import styles from "./operations.module.css";
import type { JobState, JobsState } from "./operations-state.ts";
import { jobsKey } from "./queues.ts";

type Job = Answer<"GET /_sluice/jobs">["jobs"][number];

const words = texts.operations.jobs;
const states = ["failed", "waiting", "running"] as const;
const pageSize = 30;

interface JobsCardProps {
  readonly state: JobState;
  readonly kind: string | undefined;
  readonly onChange: (search: JobsState) => void;
}

/** The account's jobs in one state, with the reason of a failure. Failed ones can be tried again. */
export function JobsCard({ state, kind, onChange }: JobsCardProps) {
  const [isBusy, setBusy] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...jobsKey, "list", state, kind],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam: cursor, signal }) => {
      const query = { state, limit: pageSize, ...(kind && { name: kind }), ...(cursor && { cursor }) };
      return (await call("GET /_sluice/jobs", { query }, signal)).body;
    },
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const jobs = data?.pages.flatMap((page) => page.jobs);

  async function retry(body: { readonly id: string } | { readonly name: string }): Promise<void> {
    setBusy(true);
    try {
      const { retried } = (await call("POST /_sluice/jobs/retry", { body })).body;
      notify({ kind: "done", message: words.retried(retried) });
    } catch (thrown) {
      tellProblem(thrown);
    }
    await queries.invalidateQueries({ queryKey: jobsKey });
    setBusy(false);
    // The job has left the list, and its button with it.
    if (document.activeElement === document.body) title.current?.focus({ preventScroll: true });
  }

  const canRetryAll = state === "failed" && kind !== undefined && jobs !== undefined && jobs.length > 0;
  return (
    <Card
      title={words.states[state]}
      titleRef={title}
      action={
        canRetryAll && (
          <Button variant="light" loading={isBusy} onClick={() => void retry({ name: kind })}>
            {words.retryAll}
          </Button>
        )
      }
    >
      <div className={styles.filters}>
        <SegmentedControl
          aria-label={words.stateOf}
          value={state}
          data={states.map((value) => ({ value, label: words.states[value] }))}
          onChange={(value) => onChange({ state: value as JobState, kind })}
        />
        <NativeSelect
          aria-label={words.kindOf}
          value={kind ?? ""}
          data={[
            { value: "", label: words.anyKind },
            ...Object.entries(words.kinds).map(([value, label]) => ({ value, label })),
          ]}
          onChange={({ currentTarget }) => onChange({ state, kind: currentTarget.value || undefined })}
        />
      </div>
      {error ? (
        <ProblemState level={2} problem={asProblem(error)} onAgain={() => void refetch()} />
      ) : jobs === undefined ? (
        <Skeleton rows={4} />
      ) : jobs.length === 0 ? (
        <State level={2} title={words.none[state]} help={words.noneHelp[state]} />
      ) : (
        <Rows>
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} isBusy={isBusy} onRetry={() => void retry({ id: job.id })} />
          ))}
        </Rows>
      )}
      {hasNextPage && (
        <Button variant="default" mt="sm" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {words.older}
        </Button>
      )}
    </Card>
  );
}

interface JobRowProps {
  readonly job: Job;
  readonly isBusy: boolean;
  readonly onRetry: () => void;
}

function JobRow({ job, isBusy, onRetry }: JobRowProps) {
  const { data: endpoints } = useEndpoints();
  const kind = words.kinds[job.name] ?? job.name;
  const url = endpoints?.find(({ id }) => id === job.subject.endpointId)?.url;
  const ids = Object.entries(job.subject)
    .filter(([name]) => url === undefined || name !== "endpointId")
    .map(([name, id]) => `${name} ${id}`);
  return (
    <Row
      title={
        <>
          {kind}
          <Badge variant="light" color={job.state === "failed" ? "red" : "stream"}>
            {words.attempts(job.attempts, job.maxAttempts)}
          </Badge>
        </>
      }
      facts={
        <>
          {job.reason !== null && (
            <>
              <span className={styles.bad}>{job.reason}</span>
              {" · "}
            </>
          )}
          {[
            ...(job.progress === null
              ? []
              : [words.progress(Math.floor(job.progress.fraction * 100), job.progress.message)]),
            ...(url === undefined ? [] : [words.endpoint(url)]),
            ...(job.dueAt === null ? [] : [words.due(timeText(job.dueAt))]),
            ...(job.failedAt === null ? [] : [words.failedAt(timeText(job.failedAt))]),
            words.since(timeText(job.createdAt)),
            ...ids,
          ].join(" · ")}
        </>
      }
    >
      {job.state === "failed" && (
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<RotateCcw size={14} />}
          disabled={isBusy}
          aria-label={words.retryOne(kind, job.id)}
          onClick={onRetry}
        >
          {words.retry}
        </Button>
      )}
    </Row>
  );
}
