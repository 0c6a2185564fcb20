import { Link } from "@tanstack/react-router";
import { Activity, ListTodo, Webhook } from "lucide-react";
import { useMayChange } from "../door/session.ts";
import { texts } from "../texts/texts.ts";
import styles from "./shell.module.css";

const words = texts.operations;

const places = [
  { to: "/webhooks", label: words.webhooks.title, icon: Webhook },
  { to: "/jobs", label: words.jobs.title, icon: ListTodo },
  { to: "/health", label: words.health.title, icon: Activity },
] as const;

/** The links to the views for developers and operators, which need a key with full access. */
export function Operations({ onGo }: { readonly onGo?: (() => void) | undefined }) {
  if (!useMayChange()) return null;
  return (
    <>
      <p className={styles.group}>{words.group}</p>
      {places.map(({ to, label, icon: Icon }) => (
        <Link key={to} to={to} className={styles.place} onClick={onGo}>
          <Icon size={18} aria-hidden />
          {label}
        </Link>
      ))}
    </>
  );
}
