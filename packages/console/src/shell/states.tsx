import { Button, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { Problem } from "../api/problem.ts";
import { texts } from "../texts/texts.ts";
import styles from "./states.module.css";

interface StateProps {
  readonly title: string;
  readonly help: string | undefined;
  readonly picture?: ReactNode;
  readonly children?: ReactNode;
}

/** A view shows this in place of its content. It says what is the matter, and what to do next. */
export function State({ title, help, picture, children }: StateProps) {
  return (
    <div className={styles.state}>
      <Stack align="center" gap="xs">
        {picture}
        <Title order={2} size="h4" ta="center">
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

export function ProblemState({ problem, onAgain }: { readonly problem: Problem; readonly onAgain: () => void }) {
  const help = problem.status === 403 ? texts.problem.forbidden : problem.help;
  return (
    <State title={problem.message} help={help}>
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
