data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  name       = "${var.project}-${var.tenant}"
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  tags       = merge(var.tags, { Tenant = var.tenant })

  secrets_prefix = "${var.project}/${var.tenant}/"
  secrets_arn    = "arn:${local.partition}:secretsmanager:${var.region}:${local.account_id}:secret:${local.secrets_prefix}*"

  # Without a cluster or without a service account in it there is nobody to trust.
  has_workload = var.cluster_name != null && length(var.service_accounts) > 0
}
