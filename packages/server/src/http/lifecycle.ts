/** Whether the server is shutting down. */
export interface Lifecycle {
  draining: boolean;
}
