provider "aws" {
  region = var.region
}

data "aws_partition" "current" {}

data "aws_iam_policy_document" "external_dns" {
  statement {
    actions   = ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"]
    resources = ["arn:${data.aws_partition.current.partition}:route53:::hostedzone/${var.zone_id}"]
  }
}

module "eks" {
  source = "../../"

  name                         = var.name
  kubernetes_version           = "1.35"
  subnet_ids                   = var.subnet_ids
  kms_key_arn                  = var.kms_key_arn
  endpoint_public_access_cidrs = ["198.51.100.0/24"]

  node_groups = {
    default = {
      min_size = 3
      max_size = 6
    }
    batch = {
      ami_type       = "BOTTLEROCKET_ARM_64"
      capacity_type  = "SPOT"
      instance_types = ["m7g.xlarge", "m6g.xlarge"]
      min_size       = 0
      disk_size      = 100
      labels         = { workload = "batch" }
      taints         = [{ key = "workload", value = "batch", effect = "NO_SCHEDULE" }]
    }
  }

  access_entries = {
    platform = {
      principal_arn = var.admin_role_arn
      policy_arn    = "arn:${data.aws_partition.current.partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    }
  }

  pod_identities = {
    external-dns = {
      namespace       = "external-dns"
      service_account = "external-dns"
      policy_json     = data.aws_iam_policy_document.external_dns.json
    }
  }

  tags = {
    Environment = "example"
  }
}
