import { Button, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { Problem } from "../api/problem.ts";
import { texts } from "../texts/texts.ts";
import styles from "./states.module.css";

interface StateProps {
  readonly title: string;
  readonly help: string | undefined;
  readonly picture?: ReactNode;
  /** The level of the heading: 2 in a view that has a heading of its own. */
  readonly level?: 1 | 2;
  readonly children?: ReactNode;
}

/** A view shows this in place of its content. It says what is the matter, and what to do next. */
export function State({ title, help, picture, level = 1, children }: StateProps) {
  return (
    <div className={styles.state}>
      <Stack align="center" gap="xs">
        {picture}
        <Title order={level} size="h4" ta="center">
          {title}
        </Title>
        {help !== undefined && (
          <Text c="dimmed" ta="center" maw="34rem">
            {help}
          </Text>
        )}
        {children}
      </Stack>
    </div>
  );
}

interface ProblemProps {
  readonly problem: Problem;
  readonly level?: 1 | 2;
  readonly onAgain: () => void;
}

export function ProblemState({ problem, level = 1, onAgain }: ProblemProps) {
  const help = problem.status === 403 ? texts.problem.forbidden : problem.help;
  return (
    <State title={problem.message} help={help} level={level}>
      {problem.requestId !== undefined && (
        <Text c="dimmed" size="xs">
          {texts.problem.requestId(problem.requestId)}
        </Text>
      )}
      <Button variant="default" onClick={onAgain}>
        {texts.problem.again}
      </Button>
    </State>
  );
}
