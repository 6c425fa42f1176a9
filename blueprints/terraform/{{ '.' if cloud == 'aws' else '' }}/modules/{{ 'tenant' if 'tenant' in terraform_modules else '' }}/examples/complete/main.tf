provider "aws" {
  region = var.region
}

module "tenant" {
  source = "../../"

  project            = "acme"
  tenant             = "org-a"
  region             = var.region
  kms_key_arn        = var.kms_key_arn
  cluster_name       = var.cluster_name
  oidc_provider_arn  = var.oidc_provider_arn
  secret_names       = ["database", "payment/api-key"]
  access_log_bucket  = var.access_log_bucket
  monthly_budget_usd = 500
  budget_emails      = ["finance@example.com"]

  service_accounts = {
    app = {
      namespace = "org-a-prod"
      name      = "app"
    }
  }

  tags = {
    Environment = "example"
  }
}
