mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = {
      account_id = "111122223333"
    }
  }

  mock_data "aws_partition" {
    defaults = {
      partition = "aws"
    }
  }

  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{}"
    }
  }

  mock_resource "aws_s3_bucket" {
    defaults = {
      id  = "acme-org-a-111122223333"
      arn = "arn:aws:s3:::acme-org-a-111122223333"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::111122223333:role/acme-org-a-workload"
    }
  }

  mock_resource "aws_secretsmanager_secret" {
    defaults = {
      arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:acme/org-a/database-mock"
    }
  }
}

variables {
  project      = "acme"
  tenant       = "org-a"
  region       = "eu-west-1"
  kms_key_arn  = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"
  cluster_name = "acme-shared"

  service_accounts = {
    app = {
      namespace = "org-a-prod"
      name      = "app"
    }
    jobs = {
      namespace = "org-a-prod"
      name      = "jobs"
    }
  }
}

run "keeps_the_bucket_private" {
  command = plan

  assert {
    condition     = aws_s3_bucket.this.bucket == "acme-org-a-111122223333" && !aws_s3_bucket.this.force_destroy
    error_message = "The bucket has to be named after project, tenant and account, and must not be deleted with what is in it."
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "All four locks against public access have to be closed."
  }

  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default[0].kms_master_key_id == var.kms_key_arn
    error_message = "Objects have to be encrypted with the key."
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "Versions have to be kept."
  }

  assert {
    condition     = data.aws_iam_policy_document.bucket.statement[0].effect == "Deny" && one(data.aws_iam_policy_document.bucket.statement[0].condition).variable == "aws:SecureTransport"
    error_message = "Requests without TLS have to be denied."
  }
}

run "gives_pods_their_own_data" {
  command = apply

  assert {
    condition     = toset(keys(aws_eks_pod_identity_association.workload)) == toset(["app", "jobs"]) && aws_eks_pod_identity_association.workload["jobs"].service_account == "jobs"
    error_message = "Each service account has to be associated with the role."
  }

  assert {
    condition = toset([for c in data.aws_iam_policy_document.workload_assume.statement[0].condition : "${c.variable}=${join(",", sort(c.values))}"]) == toset([
      "aws:SourceAccount=111122223333",
      "aws:RequestTag/eks-cluster-arn=arn:aws:eks:eu-west-1:111122223333:cluster/acme-shared",
      "aws:RequestTag/kubernetes-namespace=org-a-prod",
      "aws:RequestTag/kubernetes-service-account=app,jobs",
    ])
    error_message = "The role has to trust the tenant's service accounts in this cluster only."
  }

  assert {
    condition     = length(data.aws_iam_policy_document.workload_assume.statement) == 1
    error_message = "Without an OIDC provider tokens must not be trusted."
  }

  assert {
    condition = alltrue([
      for s in data.aws_iam_policy_document.workload.statement : length(s.condition) > 0
      if contains(s.resources, var.kms_key_arn)
    ])
    error_message = "The shared key may be used for the tenant's own data only."
  }

  assert {
    condition     = one([for s in data.aws_iam_policy_document.workload.statement : s.resources if s.sid == "ReadSecrets"]) == toset(["arn:aws:secretsmanager:eu-west-1:111122223333:secret:acme/org-a/*"])
    error_message = "Secrets outside of the tenant's path must not be readable."
  }

  assert {
    condition     = output.role_arn == "arn:aws:iam::111122223333:role/acme-org-a-workload" && output.bucket_name == "acme-org-a-111122223333" && output.secrets_prefix == "acme/org-a/"
    error_message = "Role, bucket and path have to be handed out."
  }

  assert {
    condition     = aws_iam_role.workload[0].tags["Tenant"] == "org-a"
    error_message = "Costs have to be countable by tenant."
  }
}

run "trusts_tokens_on_request" {
  command = plan

  variables {
    oidc_provider_arn = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/MOCK"
  }

  assert {
    condition = toset(flatten([
      for c in data.aws_iam_policy_document.workload_assume.statement[1].condition : c.values
      if c.variable == "oidc.eks.eu-west-1.amazonaws.com/id/MOCK:sub"
    ])) == toset(["system:serviceaccount:org-a-prod:app", "system:serviceaccount:org-a-prod:jobs"])
    error_message = "Only tokens of the tenant's service accounts may be exchanged."
  }
}

run "guards_secrets" {
  command = apply

  variables {
    secret_names       = ["database"]
    secret_reader_arns = ["arn:aws:iam::111122223333:role/rotate-org-a"]
  }

  assert {
    condition     = aws_secretsmanager_secret.this["database"].name == "acme/org-a/database" && aws_secretsmanager_secret.this["database"].kms_key_id == var.kms_key_arn
    error_message = "A secret has to lie below the tenant's path and be encrypted with the key."
  }

  assert {
    condition     = data.aws_iam_policy_document.secret[0].statement[0].effect == "Deny" && one(data.aws_iam_policy_document.secret[0].statement[0].condition).values == tolist([aws_iam_role.workload[0].arn, "arn:aws:iam::111122223333:role/rotate-org-a"])
    error_message = "Everybody but the tenant's role and the named readers has to be denied the value."
  }

  assert {
    condition     = keys(aws_secretsmanager_secret_policy.this)[0] == "database"
    error_message = "The guard has to stand at every secret."
  }
}

run "makes_no_role_without_a_cluster" {
  command = apply

  variables {
    cluster_name = null
    secret_names = ["database"]
  }

  assert {
    condition     = output.role_arn == null && length(aws_eks_pod_identity_association.workload) == 0 && length(aws_secretsmanager_secret_policy.this) == 0
    error_message = "Without a cluster there is nobody to give a role to."
  }

  assert {
    condition     = output.bucket_name == "acme-org-a-111122223333"
    error_message = "The bucket does not depend on a cluster."
  }
}

run "watches_the_budget" {
  command = plan

  variables {
    monthly_budget_usd = 500
    budget_emails      = ["finance@example.com"]
  }

  assert {
    condition     = aws_budgets_budget.this[0].limit_amount == "500" && one(aws_budgets_budget.this[0].cost_filter).values == tolist(["user:Tenant$org-a"])
    error_message = "The budget has to count the costs of this tenant."
  }

  assert {
    condition     = toset([for n in aws_budgets_budget.this[0].notification : "${n.notification_type} ${n.threshold}"]) == toset(["ACTUAL 80", "FORECASTED 100"])
    error_message = "People have to be told early, and when the month is going to be too expensive."
  }
}

run "makes_no_budget_unasked" {
  command = plan

  assert {
    condition     = length(aws_budgets_budget.this) == 0 && length(aws_secretsmanager_secret.this) == 0 && length(aws_s3_bucket_logging.this) == 0
    error_message = "What was not asked for must not be made."
  }
}

run "logs_access_on_request" {
  command = plan

  variables {
    access_log_bucket = "acme-access-logs"
  }

  assert {
    condition     = aws_s3_bucket_logging.this[0].target_bucket == "acme-access-logs"
    error_message = "Access has to be logged to the given bucket."
  }
}

run "keeps_a_budget_for_nobody_quiet" {
  command = plan

  variables {
    monthly_budget_usd = 500
  }

  assert {
    condition     = length(aws_budgets_budget.this[0].notification) == 0
    error_message = "A notification needs somebody to go to."
  }
}

run "rejects_names_too_long_for_a_bucket" {
  command = plan

  variables {
    project = "a-platform-of-twenty"
    tenant  = "an-organisation-with-a-long-name"
  }

  expect_failures = [var.tenant]
}

run "rejects_other_bad_values" {
  command = plan

  variables {
    project            = "Acme"
    region             = "eu-west-1a"
    kms_key_arn        = "alias/acme"
    cluster_name       = "-acme"
    oidc_provider_arn  = "https://oidc.eks.eu-west-1.amazonaws.com/id/MOCK"
    secret_names       = ["/database"]
    secret_reader_arns = ["*"]
    monthly_budget_usd = -1
    budget_emails      = ["finance"]
    service_accounts   = { app = { namespace = "Org_A", name = "app" } }
  }

  expect_failures = [
    var.project,
    var.region,
    var.kms_key_arn,
    var.cluster_name,
    var.oidc_provider_arn,
    var.secret_names,
    var.monthly_budget_usd,
    var.budget_emails,
    var.secret_reader_arns,
    var.service_accounts,
  ]
}
