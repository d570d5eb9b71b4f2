<?php

// Where the platform's pages get their token for this service: POST /support-token, in Laravel with cookie sessions.
// routes/web.php: the `web` middleware has the session, and refuses a POST without the page's own CSRF token
// (X-XSRF-TOKEN, which axios sends by itself; with fetch, the cookie XSRF-TOKEN, decoded, as that header).

use App\Models\User;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Route;

function supportRequestsToken(array $claims): string
{
    $key = openssl_pkey_get_private('file://'.storage_path('platform-key.pem'));
    $part = fn (string $bytes): string => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    $header = ['alg' => 'RS256', 'kid' => '2031-05', 'typ' => 'at+jwt'];
    $unsigned = $part(json_encode($header)).'.'.$part(json_encode($claims, JSON_THROW_ON_ERROR));
    openssl_sign($unsigned, $signature, $key, OPENSSL_ALGO_SHA256) or throw new RuntimeException('the key cannot sign');

    return $unsigned.'.'.$part($signature);
}

// What your policies say now. An object also where it is empty: `[]` would become a JSON array.
$workspacesOf = fn (User $user): object => (object) $user->memberships->groupBy('workspace.slug')->map(fn ($of) => [
    'tenants' => (object) $of->mapWithKeys(fn ($membership) => [
        $membership->tenant->slug => array_keys(array_filter([
            'support_requests.create' => $user->can('view', $membership->tenant),
            'support_diagnostics.view' => $user->can('viewDiagnostics', $membership->tenant),
        ])),
    ])->all(),
])->all();

Route::middleware(['web', 'auth'])->post('/support-token', function (Request $request) use ($workspacesOf) {
    $user = $request->user();
    $token = supportRequestsToken([
        'iss' => 'https://platform.example',
        'aud' => 'support-requests',
        'sub' => (string) $user->getAuthIdentifier(),
        'name' => $user->name,
        'exp' => time() + 600,
        'workspaces' => $workspacesOf($user),
    ]);

    return response()->json(['token' => $token, 'expires_in' => 600])->header('Cache-Control', 'no-store');
});
