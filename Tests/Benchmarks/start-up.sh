#!/usr/bin/env bash
# How long `tokenvault token ID` takes on 30 tokens, fully static, against `openssl version` and `age -d` of the
# same records. Needs hyperfine and age (Debian's packages of these names).
set -euo pipefail
cd "$(dirname "$0")/../.."
swift build -c release --static-swift-stdlib -Xswiftc -static-executable \
  --scratch-path .build-static --product tokenvault
tokenvault=$PWD/.build-static/release/tokenvault
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
export TOKENVAULT_FILE=$scratch/tokens.vault TOKENVAULT_KEY_FILE=$scratch/tokens.key

for n in $(seq 30); do
  digest=$(printf '%s' "$n" | sha256sum | cut -c1-64)
  printf '{"user_name":"user%s@zylker.example","client_id":"1000.B74550FB9BFC7B79DBEA9449B25E2B","client_secret":"372a10af38424f8ec27f733936dac146958a723c0d","refresh_token":"1000.%s","access_token":"1000.%s","expires_at":"2099-01-01T00:00:00.000Z","api_domain":"https://www.zohoapis.com"}\n' \
    "$n" "$digest" "$(printf '%s' "$digest" | rev)"
done > records.json
"$tokenvault" init --quiet
"$tokenvault" save records.json > ids
age-keygen -o age.key 2> public
age -r "$(age-keygen -y age.key)" -o records.age records.json
hyperfine -N --warmup 30 --runs "${1:-300}" \
  "$tokenvault token 17" "openssl version" "age -d -i age.key records.age"
