<?php

// The platform's side of `https://BASE` in Laravel: routes/api.php. Tenants and runs are your models, with your policies.

use App\Models\Tenant;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Route;

$diagnostics = function (Request $request, string $workspace, string $tenant, ?string $run = null) {
    $found = Tenant::where('slug', $tenant)->whereRelation('workspace', 'slug', $workspace)->firstOrFail();
    abort_unless($request->user()->can('view', $found), 404);
    $foundRun = $run === null ? null : $found->operationRuns()->where('public_id', $run)->firstOrFail();
    $references = [
        'workspace' => ['id' => $workspace],
        'tenant' => ['id' => $tenant, 'name' => $found->name],
    ];
    if ($foundRun !== null) {
        $references['operation_run'] = ['id' => $run, 'type' => $foundRun->type, 'outcome' => $foundRun->outcome];
    }
    if (! in_array('bundle', explode(',', $request->query('include', 'references')), true)) {
        return response()->json(['references' => $references]);
    }
    // Not 403: the request for support would be lost. Without `bundle` it is stored with its references.
    if (! $request->user()->can('viewDiagnostics', $found)) {
        return response()->json(['references' => $references]);
    }
    return response()->json(['references' => $references, 'bundle' => [
        'schema_version' => 1,
        'generated_at' => now()->toRfc3339String(),
        'headline' => 'The connection is in state '.$found->providerConnection?->state,
        'omissions' => [['key' => 'devices', 'reason' => 'the connection may not read them']],
    ]]);
};

Route::middleware('auth:api')->group(function () use ($diagnostics) {
    Route::get('/workspaces/{workspace}/tenants/{tenant}/support-diagnostics', $diagnostics);
    Route::get('/workspaces/{workspace}/tenants/{tenant}/operation-runs/{run}/support-diagnostics', $diagnostics);
});
