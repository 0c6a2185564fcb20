/** Whether the server is on its way out. */
export interface Lifecycle {
  draining: boolean;
}
