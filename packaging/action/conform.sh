#!/usr/bin/env bash
# The steps of action.yml: tests the server that CHAT_SERVER_CMD starts. CHAT_PROGRAM is the program, where it is there already.
set -euo pipefail
root=${CHAT_ACTION:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
work=${RUNNER_TEMP:-$(mktemp -d)}
summary=$work/conform-summary.md
report=$work/conform.html

chat=("${CHAT_PROGRAM:-}")
if [ -z "${chat[0]}" ]; then
  npm install --silent --global --prefix "$work/chat" "$root"
  chat=("$work/chat/bin/chat")
fi

# As a shell reads them: somebody's own workflow says what they are.
eval "options=(${CHAT_OPTIONS:-})"
[ "${CHAT_STRICT:-false}" != true ] || options+=(--strict)

status=0
"${chat[@]}" conform --dialect "$CHAT_DIALECT" --server-cmd "$CHAT_SERVER_CMD" --report text --report github \
  --report "markdown=$summary" --report "html=$report" ${options[@]+"${options[@]}"} || status=$?
[ ! -s "$summary" ] || cat "$summary" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
echo "report=$report" >>"${GITHUB_OUTPUT:-/dev/null}"
exit "$status"
